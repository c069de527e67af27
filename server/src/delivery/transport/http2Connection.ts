import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  connect as http2Connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
  type Settings,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Exchange } from './exchange';
import { connectTimedOut } from './failureOf';
import type { ConnectOptions } from './tlsConnect';

const { NGHTTP2_CANCEL, NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_REFUSED_STREAM, NGHTTP2_FLAG_END_STREAM } =
  constants;

const withBody = { endStream: false } as const;

/** What a connection tells the origin it belongs to. */
export interface ConnectionOwner {
  /** The peer's SETTINGS have come: posts may be sent. */
  onOpen(connection: Http2Connection): void;
  /** The peer ended a connection that never gave an answer. */
  onFruitless(): void;
  /** A stream has become free. */
  onFree(): void;
  /** This post was surely not taken: send it elsewhere. */
  onUntaken(exchange: Exchange): void;
  /** The push service wants HTTP/1.1 for it. */
  onHttp1Required(exchange: Exchange): void;
  onClosed(connection: Http2Connection): void;
}

/**
 * One HTTP/2 connection (RFC 9113) and the posts on it. A post is `untaken` only when the peer said so
 * (REFUSED_STREAM, or a GOAWAY that names an earlier stream) or it never left; all else that ends without an
 * answer is a `reset`.
 */
export class Http2Connection {
  private hasAnswered = false;
  private openStreams = 0;
  private peerMaxStreams = 0;
  private closing = false;
  private pingSentAt: number | undefined;
  /** A post has timed out, and the peer has given no sign of life since. */
  private suspect = false;
  private lastHeardAt = Date.now();
  private lastUsedAt = Date.now();
  /** After a GOAWAY: streams beyond this one were not and will not be taken. */
  private lastTakenStream = Number.POSITIVE_INFINITY;
  private readonly authority: string;

  private constructor(
    private readonly session: ClientHttp2Session,
    origin: string,
    private readonly options: ConnectOptions,
    private readonly owner: ConnectionOwner,
  ) {
    this.authority = origin.slice('https://'.length);
    session.on('goaway', (_code, lastStreamId) => {
      this.end();
      this.lastTakenStream = lastStreamId;
    });
    session.on('remoteSettings', (settings) => {
      this.adopt(settings);
      owner.onFree();
    });
    session.once('close', () => {
      this.end();
      owner.onClosed(this);
    });
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
      const session = http2Connect(origin, {
        createConnection: () => socket,
        settings: { enablePush: false },
      });
      const timer = setTimeout(() => session.destroy(connectTimedOut()), options.connectTimeoutMs);
      // Stays for good: what an error ends is told by the close of the streams and of the session.
      session.on('error', reject);
      session.once('close', () => {
        clearTimeout(timer);
        reject(new Error('The connection was closed before its first SETTINGS'));
      });
      session.once('remoteSettings', (settings) => {
        clearTimeout(timer);
        const connection = new Http2Connection(session, origin, options, owner);
        connection.adopt(settings);
        // At once, not by the promise: the connection's end may come before that is looked at.
        owner.onOpen(connection);
        resolve();
      });
    });
  }

  /** False once it is on its way out, and while the peer may be dead. */
  get isSound(): boolean {
    return !this.closing && !this.suspect && !this.session.destroyed;
  }

  /** True while another post may go on this connection. */
  get hasRoom(): boolean {
    return this.openStreams < Math.min(this.peerMaxStreams, this.options.maxStreams) && this.isSound;
  }

  send(exchange: Exchange): void {
    try {
      this.carry(this.session.request(this.headersOf(exchange), withBody), exchange);
    } catch {
      // A header or path that HTTP cannot carry.
      exchange.fail('protocol');
    }
  }

  /** Closes when idle for long, and finds out whether a silent peer is still there. */
  sweep(nowMs: number): void {
    const { idleTimeoutMs, pingAfterMs, pingTimeoutMs } = this.options;
    if (this.pingSentAt !== undefined) {
      if (nowMs - this.pingSentAt >= pingTimeoutMs) this.session.destroy();
    } else if (this.openStreams === 0 && nowMs - this.lastUsedAt >= idleTimeoutMs) {
      this.close();
    } else if (nowMs - this.lastHeardAt >= pingAfterMs) {
      this.ping();
    }
  }

  /** Takes no more posts, and goes when the last one has its answer. */
  close(): void {
    this.closing = true;
    this.session.close();
  }

  destroy(): void {
    this.session.destroy();
  }

  /** The peer's doing, or the network's. */
  private end(): void {
    if (!this.closing && !this.hasAnswered) this.owner.onFruitless();
    this.closing = true;
  }

  private adopt(settings: Settings): void {
    this.peerMaxStreams = settings.maxConcurrentStreams ?? this.options.maxStreams;
  }

  /** Written out, as an object of one shape: spreading three into one took 7 % of a post. */
  private headersOf({ post }: Exchange): OutgoingHttpHeaders {
    const { path, headers, body } = post;
    return {
      ':method': 'POST',
      ':scheme': 'https',
      ':authority': this.authority,
      ':path': path,
      ttl: headers.ttl,
      urgency: headers.urgency,
      authorization: headers.authorization,
      'content-type': headers['content-type'],
      'content-encoding': headers['content-encoding'],
      'content-length': body.length,
      topic: headers.topic,
      'x-wns-cache-policy': headers['x-wns-cache-policy'],
    };
  }

  private carry(stream: ClientHttp2Stream, exchange: Exchange): void {
    this.openStreams += 1;
    exchange.cancel = (why) => {
      stream.close(NGHTTP2_CANCEL);
      if (why === 'timeout') this.doubt();
    };
    stream.on('response', (headers, flags) => this.receive(stream, exchange, headers, flags));
    stream.on('error', () => undefined);
    stream.on('close', () => this.release(stream, exchange));
    stream.end(exchange.post.body);
  }

  private receive(
    stream: ClientHttp2Stream,
    exchange: Exchange,
    headers: IncomingHttpHeaders & IncomingHttpStatusHeader,
    flags: number,
  ): void {
    this.lastHeardAt = Date.now();
    this.hasAnswered = true;
    exchange.begin(headers[':status'] ?? 0, headers);
    if ((flags & NGHTTP2_FLAG_END_STREAM) !== 0) {
      exchange.finish();
      return;
    }
    stream.on('data', (chunk: Buffer) => exchange.append(chunk));
    stream.on('end', () => exchange.finish());
  }

  private release(stream: ClientHttp2Stream, exchange: Exchange): void {
    this.openStreams -= 1;
    this.lastUsedAt = this.lastHeardAt;
    if (!exchange.settled) this.giveBack(stream, exchange);
    if (!this.closing) this.owner.onFree();
  }

  private giveBack(stream: ClientHttp2Stream, exchange: Exchange): void {
    exchange.cancel = undefined;
    if (stream.rstCode === NGHTTP2_HTTP_1_1_REQUIRED) this.owner.onHttp1Required(exchange);
    else if (this.isUntaken(stream)) this.owner.onUntaken(exchange);
    else exchange.fail('reset');
  }

  private isUntaken(stream: ClientHttp2Stream): boolean {
    if (stream.id === undefined || stream.rstCode === NGHTTP2_REFUSED_STREAM) return true;
    return stream.id > this.lastTakenStream;
  }

  /** Until the peer answers a PING no further post goes here. */
  private doubt(): void {
    this.suspect = true;
    this.ping();
  }

  private ping(): void {
    if (this.pingSentAt !== undefined || this.session.closed || this.session.destroyed) return;
    this.pingSentAt = Date.now();
    this.session.ping((error) => {
      if (error !== null) return;
      this.pingSentAt = undefined;
      this.suspect = false;
      this.lastHeardAt = Date.now();
      this.owner.onFree();
    });
  }
}
