import type { TLSSocket } from 'node:tls';
import type { PushPost } from '../../pushPost';
import { maxBlockBytes } from './hpackEncoder';
import type { Http2ErrorCode } from './http2Error';
import {
  connectionPreface,
  frameFlags,
  frameHeadBytes,
  frameTypes,
  writeFrameHead,
  writeUint32,
} from './http2Frames';
import type { RequestHead } from './requestHead';

const chunkBytes = 65_536;

/** What the socket may hold unsent before no more posts are taken. */
const maxBacklogBytes = 262_144;

/**
 * Gathers the frames of one turn of the event loop and hands them to the socket as one write: a system call and
 * a TLS record cost more than a post. Frames are written straight into the chunk that goes out.
 */
export class FrameOutbox {
  private chunk = Buffer.allocUnsafeSlow(chunkBytes);
  /** Frames from here to `end` wait for the next write. */
  private start = 0;
  private end = 0;
  private isScheduled = false;
  private readonly flushSoon = (): void => {
    this.isScheduled = false;
    this.flush();
  };

  constructor(
    private readonly socket: TLSSocket,
    /** Called when all frames so far have been handed to the socket. */
    private readonly onFlushed: () => void,
  ) {}

  /** The peer does not read as fast as we write. */
  get isBackedUp(): boolean {
    return this.socket.writableLength > maxBacklogBytes;
  }

  preface(settings: ReadonlyArray<readonly [id: number, value: number]>): void {
    this.reserve(connectionPreface.length + frameHeadBytes + settings.length * 6);
    this.end += connectionPreface.copy(this.chunk, this.end);
    this.head(settings.length * 6, frameTypes.settings, 0, 0);
    for (const [id, value] of settings) {
      this.end = this.chunk.writeUInt16BE(id, this.end);
      this.uint32(value);
    }
  }

  settingsAck(): void {
    this.head(0, frameTypes.settings, frameFlags.ack, 0);
  }

  ping(flags: number, payload: Buffer): void {
    this.head(8, frameTypes.ping, flags, 0);
    this.end += payload.copy(this.chunk, this.end);
  }

  goaway(code: Http2ErrorCode): void {
    this.head(8, frameTypes.goaway, 0, 0);
    this.uint32(0);
    this.uint32(code);
  }

  rstStream(streamId: number, code: Http2ErrorCode): void {
    this.head(4, frameTypes.rstStream, 0, streamId);
    this.uint32(code);
  }

  windowUpdate(streamId: number, increment: number): void {
    this.head(4, frameTypes.windowUpdate, 0, streamId);
    this.uint32(increment);
  }

  data(streamId: number, flags: number, body: Buffer, from: number, to: number): void {
    this.head(to - from, frameTypes.data, flags, streamId);
    this.end += body.copy(this.chunk, this.end, from, to);
  }

  /** The HEADERS of one post, its block written in place; false, and no frame, when HTTP cannot carry it. */
  headers(streamId: number, flags: number, head: RequestHead, post: PushPost, nowMs: number): boolean {
    this.reserve(frameHeadBytes + maxBlockBytes);
    const start = this.end + frameHeadBytes;
    const end = head.write(post, nowMs, this.chunk, start);
    if (end === -1) return false;
    const allFlags = flags | frameFlags.endHeaders;
    writeFrameHead(this.chunk, this.end, end - start, frameTypes.headers, allFlags, streamId);
    this.end = end;
    return true;
  }

  /** Hands what waits to the socket. */
  flush(): void {
    if (this.end === this.start || !this.socket.writable) return;
    const frames = this.chunk.subarray(this.start, this.end);
    this.start = this.end;
    this.socket.write(frames);
    this.onFlushed();
  }

  /** Forgets what waits: it surely never left. */
  discard(): void {
    this.end = this.start;
  }

  private head(payloadBytes: number, type: number, flags: number, streamId: number): void {
    this.reserve(frameHeadBytes + payloadBytes);
    this.end = writeFrameHead(this.chunk, this.end, payloadBytes, type, flags, streamId);
  }

  private uint32(value: number): void {
    this.end = writeUint32(this.chunk, this.end, value);
  }

  /** The socket keeps a chunk until it is sent, so that a full one is left to it. */
  private reserve(bytes: number): void {
    if (this.end + bytes > this.chunk.length) {
      this.flush();
      this.chunk = Buffer.allocUnsafeSlow(chunkBytes);
      this.start = 0;
      this.end = 0;
    }
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.flushSoon);
  }
}
