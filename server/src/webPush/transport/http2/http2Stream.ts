import type { Exchange } from '../exchange';

/** One post on one HTTP/2 connection, from its HEADERS to its end. */
export class Http2Stream {
  /** Bytes of the body that have been written. */
  sentBytes = 0;
  /** DATA bytes received, padding included: what flow control counts. */
  receivedBytes = 0;
  /** The head of the final answer has come; more HEADERS can only be trailers. */
  hasHead = false;

  constructor(
    readonly id: number,
    readonly exchange: Exchange,
    /** Bytes of body that the peer takes now; SETTINGS may make it negative (RFC 9113 section 6.9.2). */
    public sendWindowBytes: number,
  ) {}

  get body(): Buffer {
    return this.exchange.post.body;
  }

  get isSent(): boolean {
    return this.sentBytes === this.body.length;
  }
}
