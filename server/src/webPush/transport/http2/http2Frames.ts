import { Http2Error, http2ErrorCodes } from './http2Error';

/** Frame types (RFC 9113 section 6). */
export const frameTypes = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

/** Frame flags (RFC 9113 section 6); END_STREAM and ACK are one bit, told apart by the frame's type. */
export const frameFlags = {
  endStream: 0x1,
  ack: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const;

/** Settings that an HTTP/2 client meets (RFC 9113 section 6.5.2). */
export const settingIds = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

export const connectionPreface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export const frameHeadBytes = 9;

/** The longest payload in both directions: what we ask of the peer, and what every peer must take. */
export const maxFrameBytes = 16_384;

export const defaultWindowBytes = 65_535;
export const maxWindowBytes = 0x7fff_ffff;
export const maxStreamId = 0x7fff_ffff;

/** Writes the 9 bytes before a payload (RFC 9113 section 4.1) and gives the offset behind them. */
export function writeFrameHead(
  target: Buffer,
  offset: number,
  payloadBytes: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  target[offset] = payloadBytes >>> 16;
  target[offset + 1] = payloadBytes >>> 8;
  target[offset + 2] = payloadBytes;
  target[offset + 3] = type;
  target[offset + 4] = flags;
  return writeUint32(target, offset + 5, streamId);
}

/** Writes 32 bits, most significant byte first, and gives the offset behind them. */
export function writeUint32(target: Buffer, offset: number, value: number): number {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
  return offset + 4;
}

/** What takes the frames that have come. */
export interface FrameSink {
  /**
   * One whole frame, its payload at `start` up to `end` of a buffer that is used again afterwards. Throws
   * `Http2Error` when it ends the connection.
   */
  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void;
}

/** Cuts a stream of bytes, in pieces of any size, into frames. */
export class FrameReader {
  private partial: Buffer | undefined;
  private partialBytes = 0;
  private isStopped = false;

  constructor(private readonly sink: FrameSink) {}

  /** Ignores the rest of the bytes at hand and all that follow. */
  stop(): void {
    this.isStopped = true;
  }

  /** Throws `Http2Error` for a frame beyond `maxFrameBytes`, and what the sink throws. */
  read(chunk: Buffer): void {
    let at = this.partialBytes === 0 ? 0 : this.completePartial(chunk);
    while (!this.isStopped && chunk.length - at >= frameHeadBytes) {
      const end = at + frameBytesAt(chunk, at);
      if (end > chunk.length) break;
      this.emit(chunk, at, end);
      at = end;
    }
    if (!this.isStopped && at < chunk.length) this.keep(chunk, at, chunk.length);
  }

  /** Adds to the frame that has begun; gives how much of the chunk it took. */
  private completePartial(chunk: Buffer): number {
    let taken = this.fill(chunk, 0, frameHeadBytes);
    if (this.partial === undefined || this.partialBytes < frameHeadBytes) return taken;
    const size = frameBytesAt(this.partial, 0);
    taken += this.fill(chunk, taken, size);
    if (this.partialBytes === size) {
      this.partialBytes = 0;
      this.emit(this.partial, 0, size);
    }
    return taken;
  }

  /** Copies from the chunk until the partial frame has `size` bytes, and gives how many that took. */
  private fill(chunk: Buffer, from: number, size: number): number {
    const missing = Math.max(0, size - this.partialBytes);
    const to = Math.min(chunk.length, from + missing);
    this.keep(chunk, from, to);
    return to - from;
  }

  private keep(chunk: Buffer, from: number, to: number): void {
    this.partial ??= Buffer.allocUnsafeSlow(frameHeadBytes + maxFrameBytes);
    chunk.copy(this.partial, this.partialBytes, from, to);
    this.partialBytes += to - from;
  }

  private emit(buffer: Buffer, at: number, end: number): void {
    const streamId = buffer.readUInt32BE(at + 5) & maxStreamId;
    this.sink.onFrame(
      buffer.readUInt8(at + 3),
      buffer.readUInt8(at + 4),
      streamId,
      buffer,
      at + frameHeadBytes,
      end,
    );
  }
}

/** The size of the frame that begins here, its head included. */
function frameBytesAt(buffer: Buffer, at: number): number {
  const payloadBytes = buffer.readUIntBE(at, 3);
  if (payloadBytes > maxFrameBytes) {
    throw new Http2Error(http2ErrorCodes.frameSizeError, 'A frame is longer than SETTINGS_MAX_FRAME_SIZE');
  }
  return frameHeadBytes + payloadBytes;
}
