import type { RunningClock } from '../../../model/runningClock';

const payloadBytes = 8;

/** What is known of the peer being there: when it was heard, and the PING (RFC 9113 section 6.7) that asks. */
export class Liveness {
  private heardAt: number;
  private askedAt: number | undefined;
  private isDoubtful = false;
  private readonly payload = Buffer.alloc(payloadBytes);

  constructor(
    private readonly options: {
      readonly clock: RunningClock;
      readonly pingAfterMs: number;
      readonly pingTimeoutMs: number;
    },
    private readonly sendPing: (payload: Buffer) => void,
  ) {
    this.heardAt = options.clock.now();
  }

  /** A post has timed out, and the peer has answered no PING since. */
  get isSuspect(): boolean {
    return this.isDoubtful;
  }

  /** Something has come from the peer. */
  heard(): void {
    this.heardAt = this.options.clock.now();
  }

  /** Suspects the peer until it answers a PING. */
  suspect(): void {
    this.isDoubtful = true;
    if (this.askedAt === undefined) this.ask();
  }

  /** The answer to a PING has come; one that was not ours says nothing. */
  pong(payload: Buffer): void {
    if (!payload.equals(this.payload)) return;
    this.askedAt = undefined;
    this.isDoubtful = false;
  }

  /** Asks a peer that has been silent for long; `dead` when it has not answered in time. */
  check(nowMs: number): 'alive' | 'dead' {
    if (this.askedAt !== undefined) {
      return nowMs - this.askedAt >= this.options.pingTimeoutMs ? 'dead' : 'alive';
    }
    if (nowMs - this.heardAt >= this.options.pingAfterMs) this.ask();
    return 'alive';
  }

  private ask(): void {
    this.askedAt = this.options.clock.now();
    this.payload.writeUInt32BE((this.payload.readUInt32BE(0) + 1) >>> 0);
    this.sendPing(this.payload);
  }
}
