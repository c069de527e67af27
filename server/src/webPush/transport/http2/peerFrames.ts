import { Http2Error, http2ErrorCodes, protocolError } from './http2Error';
import { type FrameSink, frameFlags, frameTypes, maxStreamId } from './http2Frames';
import { PeerBudget } from './peerBudget';

/** A block may come in many frames; all together it may have this much. */
const maxBlockBytes = 32_768;

/** As many as nghttp2 takes; there are no more than ten in use. */
const maxSettings = 32;

/** Bytes of a header block that take as much work as a PING. */
const headerBytesPerUnit = 64;

/** A setting may concern every open stream. */
const unitsPerSetting = 10;

/** What the peer says of the whole connection; all may throw `Http2Error`. Buffers are used again afterwards. */
export interface ConnectionEvents {
  onSetting(id: number, value: number): void;
  /** All of one SETTINGS frame has been told. */
  onSettings(): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  onGoaway(lastStreamId: number, code: number): void;
}

/** What the peer says of streams, as above. */
export interface StreamEvents {
  /** A whole header block; `isLast` when nothing follows on its stream. */
  onHeaders(streamId: number, isLast: boolean, buffer: Buffer, start: number, end: number): void;
  /** `flowBytes` is what flow control counts, padding included. */
  onData(
    streamId: number,
    isLast: boolean,
    flowBytes: number,
    buffer: Buffer,
    start: number,
    end: number,
  ): void;
  onRstStream(streamId: number, code: number): void;
  /** Stream 0 is the connection; the increment may be 0, which is an error. */
  onWindowUpdate(streamId: number, increment: number): void;
}

/**
 * Checks the form of every frame of a server (RFC 9113 section 6) and puts header blocks together, so that the
 * connection need look only at what frames mean. Unknown types and PRIORITY are passed over.
 */
export class PeerFrames implements FrameSink {
  private hasSettings = false;
  private readonly budget = new PeerBudget();
  /** The stream whose block has begun and not ended: nothing else may come (section 6.10). */
  private blockStreamId = 0;
  private isBlockLast = false;
  private blockParts: Buffer[] = [];
  private blockBytes = 0;

  constructor(
    private readonly connection: ConnectionEvents,
    private readonly streams: StreamEvents,
  ) {}

  /** Some bytes have come, of any number of frames. Throws `Http2Error` when the peer has sent too much. */
  onRead(bytes: number): void {
    this.budget.spend(1, bytes);
  }

  /** An answer is complete: the peer may send more. */
  onAnswered(): void {
    this.budget.earn();
  }

  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    this.budget.spend(unitsOf(type, end - start), 0);
    if (!this.hasSettings && type !== frameTypes.settings)
      throw protocolError('The first frame is no SETTINGS');
    if (this.blockStreamId !== 0) this.requireContinuation(type, streamId);
    if (type === frameTypes.headers) this.headers(flags, streamId, buffer, start, end);
    else if (type === frameTypes.data) this.data(flags, streamId, buffer, start, end);
    else if (type === frameTypes.windowUpdate) this.windowUpdate(streamId, buffer, start, end);
    else if (type === frameTypes.rstStream) this.rstStream(streamId, buffer, start, end);
    else if (type === frameTypes.continuation) this.continuation(flags, streamId, buffer, start, end);
    else if (type === frameTypes.settings) this.settings(flags, streamId, buffer, start, end);
    else if (type === frameTypes.ping) this.ping(flags, streamId, buffer.subarray(start, end));
    else if (type === frameTypes.goaway) this.goaway(streamId, buffer, start, end);
    else if (type === frameTypes.priority) this.priority(streamId, end - start);
    else if (type === frameTypes.pushPromise) throw protocolError('A promise, though pushes are turned off');
  }

  private data(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    requireStream(streamId);
    const isPadded = (flags & frameFlags.padded) !== 0;
    const from = isPadded ? start + 1 : start;
    const to = isPadded ? endBeforePadding(buffer, start, end) : end;
    this.streams.onData(streamId, (flags & frameFlags.endStream) !== 0, end - start, buffer, from, to);
  }

  private headers(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    requireStream(streamId);
    const isPadded = (flags & frameFlags.padded) !== 0;
    const priorityBytes = (flags & frameFlags.priority) === 0 ? 0 : 5;
    const from = start + (isPadded ? 1 : 0) + priorityBytes;
    const to = isPadded ? endBeforePadding(buffer, start, end) : end;
    if (from > to) throw badLength();
    const isLast = (flags & frameFlags.endStream) !== 0;
    if ((flags & frameFlags.endHeaders) !== 0) {
      this.streams.onHeaders(streamId, isLast, buffer, from, to);
      return;
    }
    this.blockStreamId = streamId;
    this.isBlockLast = isLast;
    this.addToBlock(buffer, from, to);
  }

  private continuation(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (this.blockStreamId === 0) throw protocolError('A CONTINUATION of nothing');
    this.addToBlock(buffer, start, end);
    if ((flags & frameFlags.endHeaders) === 0) return;
    const block = Buffer.concat(this.blockParts);
    this.blockParts = [];
    this.blockBytes = 0;
    this.blockStreamId = 0;
    this.streams.onHeaders(streamId, this.isBlockLast, block, 0, block.length);
  }

  private requireContinuation(type: number, streamId: number): void {
    if (type !== frameTypes.continuation || streamId !== this.blockStreamId) {
      throw protocolError('A header block is interrupted');
    }
  }

  private addToBlock(buffer: Buffer, start: number, end: number): void {
    this.blockBytes += end - start;
    if (this.blockBytes > maxBlockBytes) throw floods('A header block without end');
    if (end > start) this.blockParts.push(Buffer.from(buffer.subarray(start, end)));
  }

  private windowUpdate(streamId: number, buffer: Buffer, start: number, end: number): void {
    requireBytes(end - start, 4);
    this.streams.onWindowUpdate(streamId, buffer.readUInt32BE(start) & maxStreamId);
  }

  private rstStream(streamId: number, buffer: Buffer, start: number, end: number): void {
    requireStream(streamId);
    requireBytes(end - start, 4);
    this.streams.onRstStream(streamId, buffer.readUInt32BE(start));
  }

  private settings(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    requireConnection(streamId);
    if ((flags & frameFlags.ack) !== 0) {
      requireBytes(end - start, 0);
      if (!this.hasSettings) throw protocolError('SETTINGS are acknowledged before the first ones');
      return;
    }
    if ((end - start) % 6 !== 0) throw badLength();
    if (end - start > maxSettings * 6) throw floods('Too many settings');
    this.hasSettings = true;
    for (let at = start; at < end; at += 6) {
      this.connection.onSetting(buffer.readUInt16BE(at), buffer.readUInt32BE(at + 2));
    }
    this.connection.onSettings();
  }

  private ping(flags: number, streamId: number, payload: Buffer): void {
    requireConnection(streamId);
    requireBytes(payload.length, 8);
    if ((flags & frameFlags.ack) === 0) this.connection.onPing(payload);
    else this.connection.onPong(payload);
  }

  private goaway(streamId: number, buffer: Buffer, start: number, end: number): void {
    requireConnection(streamId);
    if (end - start < 8) throw badLength();
    this.connection.onGoaway(buffer.readUInt32BE(start) & maxStreamId, buffer.readUInt32BE(start + 4));
  }

  private priority(streamId: number, bytes: number): void {
    requireStream(streamId);
    requireBytes(bytes, 5);
  }
}

function unitsOf(type: number, bytes: number): number {
  if (type === frameTypes.headers || type === frameTypes.continuation) {
    return 1 + Math.floor(bytes / headerBytesPerUnit);
  }
  if (type === frameTypes.settings) return 1 + unitsPerSetting * Math.ceil(bytes / 6);
  return 1;
}

/** Padding must fit behind its length (RFC 9113 section 6.1). */
function endBeforePadding(buffer: Buffer, start: number, end: number): number {
  if (start === end) throw badLength();
  const to = end - buffer.readUInt8(start);
  if (to <= start) throw protocolError('More padding than frame');
  return to;
}

function requireBytes(actual: number, expected: number): void {
  if (actual !== expected) throw badLength();
}

function requireStream(streamId: number): void {
  if (streamId === 0) throw protocolError('A frame of no stream that needs one');
}

function requireConnection(streamId: number): void {
  if (streamId !== 0) throw protocolError('A frame of a stream that concerns the connection');
}

function badLength(): Http2Error {
  return new Http2Error(http2ErrorCodes.frameSizeError, 'A frame of a length that its type cannot have');
}

function floods(message: string): Http2Error {
  return new Http2Error(http2ErrorCodes.enhanceYourCalm, message);
}
