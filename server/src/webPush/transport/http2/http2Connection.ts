import type { TLSSocket } from 'node:tls';
import { type Deadline, startDeadline } from '../../../model/deadline';
import type { PushFailureName } from '../../../model/pushAnswer';
import type { Exchange } from '../exchange';
import { connectTimedOut } from '../failureOf';
import type { ConnectOptions } from '../tlsConnector';
import { FrameOutbox } from './frameOutbox';
import { maxHeaderListBytes } from './hpackDecoder';
import { Http2Error, type Http2ErrorCode, http2ErrorCodes, protocolError } from './http2Error';
import { FrameReader, frameFlags, settingIds } from './http2Frames';
import { Liveness } from './liveness';
import { type ConnectionEvents, PeerFrames } from './peerFrames';
import { firstReadBytes, PostStreams, type StreamsOwner } from './postStreams';
import { RequestHead } from './requestHead';

/** What a connection tells the origin it belongs to. */
export interface ConnectionOwner {
  /** The peer's SETTINGS have come: posts may be sent. */
  onOpen(connection: Http2Connection): void;
  /** The peer ended a connection that never gave an answer, or broke the protocol. */
  onClosedUnanswered(): void;
  /** A stream may have become free. */
  onFree(): void;
  /** The peer takes no more here: so many posts were taken, and so many more come back by `onNotProcessed`. */
  onGoaway(taken: number, givenBack: number): void;
  /** This post was surely not taken: send it elsewhere. */
  onNotProcessed(exchange: Exchange): void;
  /** The push service wants HTTP/1.1 for it. */
  onHttp1Required(exchange: Exchange): void;
  onClosed(connection: Http2Connection): void;
}

/** The length of the padding is a byte, and counts (RFC 9113 section 6.1). */
const mostPaddingBytes = 256;
/**
 * What is read of an answer before its head is known to be an error's, and the padding of a frame: one without an end takes
 * little of the window that all share, and of the time to read it.
 */
const answerWindowBytes = firstReadBytes + mostPaddingBytes;

/** Who waits for the peer's first SETTINGS. */
interface Opening {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly deadline: Deadline;
}

/**
 * One HTTP/2 connection (RFC 9113): a client of POSTs and of nothing else, for node:http2 costs several times as
 * much (docs/adr/0011-own-http2-client.md). Enter: posts, and the peer's bytes. Leave: frames on the socket, and
 * for every post its answer; or word that it was surely not taken (REFUSED_STREAM, a GOAWAY that names an earlier
 * stream, or it never left), or `reset`, or `protocol` when the peer broke HTTP. Nothing that a peer sends throws.
 * `PushOrigin` calls it.
 */
export class Http2Connection implements ConnectionEvents, StreamsOwner {
  private peerMaxStreams: number;
  private isReading = false;
  private closing = false;
  /** The peer ended it, not we, and may still answer what it took. */
  private peerIsLeaving = false;
  /** The goodbye has been said: nothing is awaited but the end of the socket. */
  private leftAt: number | undefined;
  private lastUsedAt: number;
  private readonly outbox: FrameOutbox;
  private readonly requestHead: RequestHead;
  private readonly streams: PostStreams;
  private readonly frames: PeerFrames;
  private readonly reader: FrameReader;
  private readonly liveness: Liveness;

  private constructor(
    private readonly socket: TLSSocket,
    origin: string,
    private readonly options: ConnectOptions,
    private readonly owner: ConnectionOwner,
    private opening: Opening | undefined,
  ) {
    this.peerMaxStreams = options.maxStreams;
    this.lastUsedAt = options.clock.now();
    this.outbox = new FrameOutbox(socket, () => this.streams.markWritten());
    this.requestHead = new RequestHead(origin.slice('https://'.length));
    this.streams = new PostStreams(this.outbox, this.requestHead, this);
    this.frames = new PeerFrames(this, this.streams);
    this.reader = new FrameReader(this.frames);
    this.liveness = new Liveness(options, (payload) => this.outbox.ping(0, payload));
    this.listen();
    this.outbox.preface([
      [settingIds.enablePush, 0],
      [settingIds.initialWindowSize, answerWindowBytes],
      [settingIds.maxHeaderListSize, maxHeaderListBytes],
    ]);
    this.outbox.flush();
  }

  /**
   * Starts HTTP/2 on a TLS connection and waits for the peer's SETTINGS, which say how many streams it takes;
   * then the owner has the connection. Rejects when it ends before.
   */
  static open(
    socket: TLSSocket,
    origin: string,
    options: ConnectOptions,
    owner: ConnectionOwner,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = startDeadline(options.connectTimeoutMs, () => socket.destroy(connectTimedOut()));
      new Http2Connection(socket, origin, options, owner, { resolve, reject, deadline });
    });
  }

  /** False once it is on its way out, and while the peer may be dead. */
  get isHealthy(): boolean {
    return !this.closing && !this.liveness.isSuspect && this.socket.writable;
  }

  /** True while another post may go on this connection. */
  get hasRoom(): boolean {
    const maxStreams = Math.min(this.peerMaxStreams, this.options.maxStreams);
    return this.isHealthy && this.streams.openCount < maxStreams && !this.outbox.isBackedUp;
  }

  /** Posts that were sent here, answered or not. */
  get sentCount(): number {
    return this.streams.sentCount;
  }

  /** The number of the latest post, from 1, whose answer has begun. */
  get lastAnswered(): number {
    return this.streams.lastAnswered;
  }

  /** Posts whose answer is not complete. */
  get openCount(): number {
    return this.streams.openCount;
  }

  send(exchange: Exchange): void {
    this.lastUsedAt = this.options.clock.now();
    this.streams.open(exchange, Date.now());
    if (this.streams.isUsedUp) this.close();
  }

  /**
   * Closes when idle for long, and finds out whether a silent peer is still there.
   * @param nowMs by the transport's `RunningClock`
   */
  sweep(nowMs: number): void {
    if (this.streams.openCount > 0) this.lastUsedAt = nowMs;
    if (this.leftAt !== undefined) {
      if (nowMs - this.leftAt >= this.options.pingTimeoutMs) this.destroy();
    } else if (nowMs - this.lastUsedAt >= this.options.idleTimeoutMs) {
      this.close();
    } else if (this.liveness.check(nowMs) === 'dead') {
      this.destroy();
    }
  }

  /** Takes no more posts, and goes when the last one has its answer. */
  close(): void {
    this.closing = true;
    if (this.streams.openCount === 0) this.leave(http2ErrorCodes.noError);
  }

  destroy(): void {
    this.socket.destroy();
  }

  onSetting(id: number, value: number): void {
    if (id === settingIds.headerTableSize) this.requestHead.resize(value);
    else if (id === settingIds.maxConcurrentStreams) this.peerMaxStreams = value;
    else if (id === settingIds.initialWindowSize) this.streams.setInitialWindow(value);
    else if (id === settingIds.enablePush && value !== 0) throw protocolError('A server that takes pushes');
    else if (id === settingIds.maxFrameSize && (value < 16_384 || value > 16_777_215)) {
      throw protocolError('SETTINGS_MAX_FRAME_SIZE out of bounds');
    }
  }

  onSettings(): void {
    this.outbox.settingsAck();
    if (this.opening === undefined) return;
    this.opening.deadline.cancel();
    const { resolve } = this.opening;
    this.opening = undefined;
    // At once, not by the promise: the connection's end may come before that is looked at.
    this.owner.onOpen(this);
    resolve();
  }

  onPing(payload: Buffer): void {
    this.outbox.ping(frameFlags.ack, payload);
  }

  onPong(payload: Buffer): void {
    this.liveness.pong(payload);
  }

  onGoaway(lastStreamId: number, code: number): void {
    const [taken, givenBack] = this.streams.dividedBy(lastStreamId);
    const isGraceful = code === http2ErrorCodes.noError;
    if (isGraceful && this.streams.openCount > givenBack) this.beginEnd();
    else this.end();
    if (isGraceful) this.owner.onGoaway(taken, givenBack);
    this.streams.giveBackBeyond(lastStreamId);
    // After an error the peer closes: no answer comes any more.
    if (!isGraceful) this.breakOff(http2ErrorCodes.noError, 'reset');
  }

  onNotProcessed(exchange: Exchange): void {
    this.owner.onNotProcessed(exchange);
  }

  onHttp1Required(exchange: Exchange): void {
    this.owner.onHttp1Required(exchange);
  }

  /** A server that is out of room for a connection may refuse every stream on it, and yet take a new one. */
  onOverloaded(): void {
    this.close();
  }

  onTimeout(): void {
    if (this.leftAt === undefined) this.liveness.suspect();
  }

  onAnswered(): void {
    this.frames.onAnswered();
  }

  onCancelled(): void {
    if (!this.isReading) this.onFreed();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('drain', () => this.owner.onFree());
    socket.on('error', (error) => this.opening?.reject(error));
    // A peer that will say no more has no answers either, even when it does not read what is left to send.
    socket.once('end', () => socket.destroy());
    socket.once('close', () => this.onSocketClosed());
  }

  private read(chunk: Buffer): void {
    this.liveness.heard();
    this.isReading = true;
    try {
      this.frames.onRead(chunk.length);
      this.reader.read(chunk);
    } catch (error) {
      if (!(error instanceof Http2Error)) throw error;
      this.opening?.reject(error);
      this.end();
      this.owner.onClosedUnanswered();
      this.breakOff(error.http2Code, 'protocol');
    } finally {
      this.isReading = false;
    }
    this.onFreed();
  }

  /** Once for all that one read has freed. */
  private onFreed(): void {
    if (!this.closing) this.owner.onFree();
    else if (this.streams.openCount === 0) this.leave(http2ErrorCodes.noError);
  }

  /** Whether it was fruitless, the end of the socket tells. */
  private beginEnd(): void {
    if (!this.closing) this.peerIsLeaving = true;
    this.closing = true;
  }

  /** The peer's doing, or the network's. */
  private end(): void {
    const isTheirs = !this.closing || this.peerIsLeaving;
    this.peerIsLeaving = false;
    this.closing = true;
    if (isTheirs && this.streams.lastAnswered === 0 && this.opening === undefined)
      this.owner.onClosedUnanswered();
  }

  /** Ends every post and the connection; what has not been written yet never will be. */
  private breakOff(code: Http2ErrorCode, failure: PushFailureName): void {
    this.reader.stop();
    this.outbox.discard();
    this.streams.endAll(failure);
    this.leave(code);
  }

  /** Says goodbye. The socket closes when that is written; `sweep` sees to one that is stuck. */
  private leave(code: Http2ErrorCode): void {
    if (this.leftAt !== undefined) return;
    this.leftAt = this.options.clock.now();
    this.outbox.goaway(code);
    this.outbox.flush();
    this.socket.destroySoon();
  }

  private onSocketClosed(): void {
    this.reader.stop();
    if (this.opening !== undefined) {
      this.opening.deadline.cancel();
      this.opening.reject(new Error('The connection was closed before its first SETTINGS'));
      return;
    }
    this.end();
    this.streams.endAll('reset');
    this.owner.onClosed(this);
  }
}
