import { Http2Error, http2ErrorCodes } from './http2Error';

/** What 250 streams need before the first of them is answered, several times over. */
const maxUnits = 4_000;
const maxBytes = 1_048_576;

/** What an answer may take: a few frames, 16 KiB of headers and 4 KiB of body. */
const unitsPerAnswer = 64;
const bytesPerAnswer = 24_576;

/**
 * What a peer may still send on one connection, in bytes and in units of work. Only finished answers earn more, so the
 * time that a peer takes from others is bounded by the posts that it answers. A unit is about the work of one PING.
 */
export class PeerBudget {
  private units = maxUnits;
  private bytes = maxBytes;

  /** Throws `Http2Error` (ENHANCE_YOUR_CALM) when the budget is used up. */
  spend(units: number, bytes: number): void {
    this.units -= units;
    this.bytes -= bytes;
    if (this.units >= 0 && this.bytes >= 0) return;
    throw new Http2Error(http2ErrorCodes.enhanceYourCalm, 'Too many frames or bytes for the posts answered');
  }

  /** An answer is complete. */
  earn(): void {
    this.units = Math.min(maxUnits, this.units + unitsPerAnswer);
    this.bytes = Math.min(maxBytes, this.bytes + bytesPerAnswer);
  }
}
