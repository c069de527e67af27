import type { PushFailureName } from '../../../model/pushAnswer';
import type { Exchange } from '../exchange';
import { AnswerHead } from './answerHead';
import { BodySender } from './bodySender';
import type { FrameOutbox } from './frameOutbox';
import { HpackDecoder } from './hpackDecoder';
import { Http2Error, type Http2ErrorCode, http2ErrorCodes, protocolError } from './http2Error';
import { defaultWindowBytes, frameFlags, maxStreamId, maxWindowBytes } from './http2Frames';
import { Http2Stream } from './http2Stream';
import type { StreamEvents } from './peerFrames';
import type { RequestHead } from './requestHead';

/** More of an answer's body nobody reads. */
const maxReadBytes = 4097;
/** More is asked for only when the head says that the body matters: that of a success does not. */
export const firstReadBytes = 1025;

/**
 * On one connection. What a peer had no leave to send of an answer that was cut may count against the connection for
 * good, until there is no room for any stream on it: so does node's server, after some 600. As many posts as a
 * connection may have under way are still answered after that.
 */
const mostCutAnswers = 256;

/** The window for all answers together is filled up again when it has shrunk to this. */
const lowWindowBytes = defaultWindowBytes / 2;

/** What the streams tell the connection they are on. */
export interface StreamsOwner {
  /** This post was surely not taken. */
  onNotProcessed(exchange: Exchange): void;
  /** The push service wants HTTP/1.1 for it. */
  onHttp1Required(exchange: Exchange): void;
  /** The peer has had enough of this connection (RFC 9113 section 7), or soon will. */
  onOverloaded(): void;
  /** The peer let a post's time run out. */
  onTimeout(): void;
  /** An answer is complete, or as much of it as is read. */
  onAnswered(): void;
  /** We have ended a stream ourselves. */
  onCancelled(): void;
}

/**
 * The posts on one HTTP/2 connection, each on its stream (RFC 9113 section 5): sends them, reads their answers,
 * and tells what became of those that got none.
 */
export class PostStreams implements StreamEvents {
  /** The number of the latest post, from 1, whose answer has begun; 0 before the first. */
  lastAnswered = 0;
  private readonly streams = new Map<number, Http2Stream>();
  private cutAnswers = 0;
  private nextId = 1;
  /** Streams up to here have been handed to the socket, and may have been taken. */
  private writtenId = 0;
  private receiveWindowBytes = defaultWindowBytes;
  private readonly decoder = new HpackDecoder();
  private readonly answerHead = new AnswerHead();
  private readonly bodies: BodySender;

  constructor(
    private readonly outbox: FrameOutbox,
    private readonly requestHead: RequestHead,
    private readonly owner: StreamsOwner,
  ) {
    this.bodies = new BodySender(outbox);
  }

  get openCount(): number {
    return this.streams.size;
  }

  /** Streams that were ever opened. */
  get sentCount(): number {
    return countUpTo(this.nextId - 2);
  }

  /** Stream ids are never used again: a connection ends with them (RFC 9113 section 5.1.1). */
  get isUsedUp(): boolean {
    return this.nextId > maxStreamId;
  }

  /** Sends a post on a stream of its own; one that comes too late, or that HTTP cannot carry, fails. */
  open(exchange: Exchange, nowMs: number): void {
    if (!exchange.mayLeave(nowMs)) return;
    const id = this.nextId;
    const flags = exchange.post.body.length === 0 ? frameFlags.endStream : 0;
    if (!this.outbox.headers(id, flags, this.requestHead, exchange.post, nowMs)) {
      exchange.fail('protocol');
      return;
    }
    const stream = new Http2Stream(id, exchange, this.bodies.newStreamWindowBytes);
    this.nextId += 2;
    this.streams.set(id, stream);
    exchange.cancel = (why) => this.cancel(stream, why);
    this.bodies.send(stream);
  }

  /** All frames so far have been handed to the socket. */
  markWritten(): void {
    this.writtenId = this.nextId - 2;
  }

  /** How many streams there were up to the last one of a GOAWAY, and how many beyond it wait for an answer. */
  dividedBy(lastTakenId: number): [taken: number, beyond: number] {
    let beyond = 0;
    for (const id of this.streams.keys()) if (id > lastTakenId) beyond += 1;
    return [countUpTo(Math.min(lastTakenId, this.nextId - 2)), beyond];
  }

  /** Streams beyond the last one of a GOAWAY were not and will not be taken (RFC 9113 section 6.8). */
  giveBackBeyond(lastTakenId: number): void {
    for (const stream of this.streams.values()) {
      if (stream.id <= lastTakenId) continue;
      if (lastTakenId > 0) stream.exchange.refundRetry();
      this.giveBack(stream);
    }
  }

  /** Ends every stream: those that never left are given back, the others fail. */
  endAll(failure: PushFailureName): void {
    this.giveBackBeyond(this.writtenId);
    for (const stream of this.streams.values()) {
      this.release(stream);
      stream.exchange.fail(failure);
    }
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE. */
  setInitialWindow(bytes: number): void {
    const isAllowed = bytes <= maxWindowBytes && this.bodies.setInitialWindow(bytes, this.streams.values());
    if (!isAllowed) throw windowOverflow();
  }

  onHeaders(streamId: number, isLast: boolean, buffer: Buffer, start: number, end: number): void {
    const head = this.answerHead;
    head.reset();
    // Also for a stream that is over: the table belongs to the connection.
    this.decoder.decode(buffer, start, end, head.take);
    const stream = this.streamOf(streamId);
    if (stream?.hasHead === true) this.takeTrailers(stream, isLast);
    else if (stream !== undefined) this.takeHead(stream, isLast);
  }

  onData(
    streamId: number,
    isLast: boolean,
    flowBytes: number,
    buffer: Buffer,
    start: number,
    end: number,
  ): void {
    this.takeFromWindow(flowBytes);
    const stream = this.streamOf(streamId);
    if (stream === undefined) return;
    stream.receivedBytes += flowBytes;
    if (stream.receivedBytes > defaultWindowBytes) {
      this.fail(stream, http2ErrorCodes.flowControlError);
    } else if (!stream.hasHead) {
      this.fail(stream, http2ErrorCodes.protocolError);
    } else {
      if (end > start) stream.exchange.append(buffer.subarray(start, Math.min(end, start + maxReadBytes)));
      if (isLast) this.finish(stream);
      else if (stream.receivedBytes >= mostReadOf(stream)) stream.exchange.cut();
    }
  }

  onRstStream(streamId: number, code: number): void {
    const stream = this.streamOf(streamId);
    if (stream === undefined) return;
    if (code === http2ErrorCodes.refusedStream) {
      this.giveBack(stream);
      return;
    }
    this.release(stream);
    if (code === http2ErrorCodes.http11Required) this.owner.onHttp1Required(stream.exchange);
    else stream.exchange.fail('reset');
    if (code === http2ErrorCodes.enhanceYourCalm) this.owner.onOverloaded();
  }

  onWindowUpdate(streamId: number, increment: number): void {
    if (streamId === 0) {
      if (increment === 0) throw protocolError('A window is widened by nothing');
      if (!this.bodies.widenConnection(increment)) throw windowOverflow();
      return;
    }
    const stream = this.streamOf(streamId);
    if (stream === undefined) return;
    if (increment === 0) this.fail(stream, http2ErrorCodes.protocolError);
    else if (!this.bodies.widenStream(stream, increment)) this.fail(stream, http2ErrorCodes.flowControlError);
  }

  /** The stream that a frame names; undefined when it is over. */
  private streamOf(id: number): Http2Stream | undefined {
    const stream = this.streams.get(id);
    if (stream === undefined && (id >= this.nextId || id % 2 === 0)) {
      throw protocolError('A frame of a stream that nobody has opened');
    }
    return stream;
  }

  private takeHead(stream: Http2Stream, isLast: boolean): void {
    const { status, headers, isMalformed } = this.answerHead;
    const isInterim = status < 200;
    if (isMalformed || status === 0 || (isInterim && isLast)) {
      this.fail(stream, http2ErrorCodes.protocolError);
    } else if (isInterim) {
      stream.exchange.countInterim();
    } else {
      this.lastAnswered = Math.max(this.lastAnswered, countUpTo(stream.id));
      stream.hasHead = true;
      stream.exchange.begin(status, headers);
      if (isLast) this.finish(stream);
      else if (!stream.exchange.isSuccess) {
        this.outbox.windowUpdate(stream.id, maxReadBytes - firstReadBytes);
      }
    }
  }

  /** Nothing in trailers concerns us, save that they end the answer. */
  private takeTrailers(stream: Http2Stream, isLast: boolean): void {
    if (isLast) this.finish(stream);
    else this.fail(stream, http2ErrorCodes.protocolError);
  }

  /** The answer is complete; that may be before the request is (RFC 9113 section 8.1). */
  private finish(stream: Http2Stream): void {
    if (this.streams.get(stream.id) !== stream) return;
    if (!stream.isSent) this.outbox.rstStream(stream.id, http2ErrorCodes.cancel);
    this.release(stream);
    this.owner.onAnswered();
    stream.exchange.finish();
  }

  private cancel(stream: Http2Stream, why: 'complete' | PushFailureName): void {
    this.outbox.rstStream(stream.id, http2ErrorCodes.cancel);
    if (why === 'timeout') this.owner.onTimeout();
    if (stream.hasHead) this.countCut();
    this.release(stream);
    if (why === 'complete') this.owner.onAnswered();
    this.owner.onCancelled();
  }

  private countCut(): void {
    this.cutAnswers += 1;
    if (this.cutAnswers === mostCutAnswers) this.owner.onOverloaded();
  }

  /** The peer broke the rules on one stream only (RFC 9113 section 5.4.2). */
  private fail(stream: Http2Stream, code: Http2ErrorCode): void {
    this.outbox.rstStream(stream.id, code);
    this.release(stream);
    stream.exchange.fail('protocol');
  }

  private giveBack(stream: Http2Stream): void {
    this.release(stream);
    this.owner.onNotProcessed(stream.exchange);
  }

  private release(stream: Http2Stream): void {
    this.streams.delete(stream.id);
    this.bodies.forget(stream);
    stream.exchange.cancel = undefined;
  }

  private takeFromWindow(bytes: number): void {
    this.receiveWindowBytes -= bytes;
    if (this.receiveWindowBytes < 0) {
      throw new Http2Error(http2ErrorCodes.flowControlError, 'More DATA than the window allows');
    }
    if (this.receiveWindowBytes > lowWindowBytes) return;
    this.outbox.windowUpdate(0, defaultWindowBytes - this.receiveWindowBytes);
    this.receiveWindowBytes = defaultWindowBytes;
  }
}

/** Padding counts, for it fills the window as the body does: who may send no more is waited for no more. */
function mostReadOf({ exchange }: Http2Stream): number {
  return exchange.isSuccess ? firstReadBytes : maxReadBytes;
}

/** Our streams have the odd ids (RFC 9113 section 5.1.1). */
function countUpTo(id: number): number {
  return (id + 1) >>> 1;
}

function windowOverflow(): Http2Error {
  return new Http2Error(http2ErrorCodes.flowControlError, 'A window larger than a window may be');
}
