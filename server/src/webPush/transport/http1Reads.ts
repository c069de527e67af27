import type { Socket } from 'node:net';

/** More than the longest answer that is read: 16 KiB of headers and 4 KiB of body. */
const maxBytes = 65_536;

/** Each read costs time, however little it brings. */
const maxReads = 256;

/**
 * Limits what a push service may send over one HTTP/1.1 connection for each exchange, whatever it consists of: interim
 * answers, header lines, chunk extensions, trailers. Between two exchanges it may not send anything.
 */
export class Http1Reads {
  private onExcess: (() => void) | undefined;
  private bytes = 0;
  private reads = 0;

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.count(chunk.length));
  }

  /** An exchange has this connection now; `onExcess` is called when its answer goes beyond the limits. */
  begin(onExcess: () => void): void {
    this.onExcess = onExcess;
    this.bytes = 0;
    this.reads = 0;
  }

  /** The exchange is over: nothing more may come. */
  end(onExcess: () => void): void {
    if (this.onExcess === onExcess) this.onExcess = undefined;
  }

  private count(bytes: number): void {
    if (this.onExcess === undefined) {
      this.socket.destroy();
      return;
    }
    this.bytes += bytes;
    this.reads += 1;
    if (this.bytes > maxBytes || this.reads > maxReads) this.onExcess();
  }
}
