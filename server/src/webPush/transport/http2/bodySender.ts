import type { FrameOutbox } from './frameOutbox';
import { defaultWindowBytes, frameFlags, maxFrameBytes, maxWindowBytes } from './http2Frames';
import type { Http2Stream } from './http2Stream';

/**
 * Sends the bodies of one connection's posts, as far as the peer's flow control windows allow (RFC 9113 section
 * 5.2); what they do not allow waits here, and goes in the order of coming.
 */
export class BodySender {
  private connectionWindowBytes = defaultWindowBytes;
  private initialWindowBytes = defaultWindowBytes;
  private readonly waiting = new Set<Http2Stream>();

  constructor(private readonly outbox: FrameOutbox) {}

  /** The window that a new stream begins with. */
  get newStreamWindowBytes(): number {
    return this.initialWindowBytes;
  }

  /** Sends what may be sent of a stream's body, the rest when the peer makes room. */
  send(stream: Http2Stream): void {
    this.sendSome(stream);
    if (!stream.isSent) this.waiting.add(stream);
  }

  /** The stream is over: what is left of its body is not sent. */
  forget(stream: Http2Stream): void {
    if (this.waiting.size > 0) this.waiting.delete(stream);
  }

  /** A WINDOW_UPDATE of the connection. False when the window would be larger than a window may be. */
  widenConnection(increment: number): boolean {
    this.connectionWindowBytes += increment;
    if (this.connectionWindowBytes > maxWindowBytes) return false;
    for (const stream of this.waiting) {
      if (this.connectionWindowBytes === 0) break;
      this.resume(stream);
    }
    return true;
  }

  /** A WINDOW_UPDATE of one stream; false as above. */
  widenStream(stream: Http2Stream, increment: number): boolean {
    stream.sendWindowBytes += increment;
    if (stream.sendWindowBytes > maxWindowBytes) return false;
    if (this.waiting.has(stream)) this.resume(stream);
    return true;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE changes the windows of open streams too; false as above. */
  setInitialWindow(bytes: number, openStreams: Iterable<Http2Stream>): boolean {
    const increment = bytes - this.initialWindowBytes;
    this.initialWindowBytes = bytes;
    let isAllowed = true;
    for (const stream of openStreams) isAllowed = this.widenStream(stream, increment) && isAllowed;
    return isAllowed;
  }

  private resume(stream: Http2Stream): void {
    this.sendSome(stream);
    if (stream.isSent) this.waiting.delete(stream);
  }

  private sendSome(stream: Http2Stream): void {
    const { body } = stream;
    while (!stream.isSent) {
      const allowed = Math.min(stream.sendWindowBytes, this.connectionWindowBytes, maxFrameBytes);
      if (allowed <= 0) return;
      const to = Math.min(body.length, stream.sentBytes + allowed);
      const flags = to === body.length ? frameFlags.endStream : 0;
      this.outbox.data(stream.id, flags, body, stream.sentBytes, to);
      stream.sendWindowBytes -= to - stream.sentBytes;
      this.connectionWindowBytes -= to - stream.sentBytes;
      stream.sentBytes = to;
    }
  }
}
