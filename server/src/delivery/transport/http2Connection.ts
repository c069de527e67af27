import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  connect as http2Connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
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
  private readonly fixedHeaders: Record<string, string>;

  private constructor(
    private readonly session: ClientHttp2Session,
    origin: string,
    private readonly options: ConnectOptions,
    private readonly owner: ConnectionOwner,
  ) {
    this.fixedHeaders = {
      ':method': 'POST',
      ':scheme': 'https',
      ':authority': origin.slice('https://'.length),
    };
    session.on('goaway', (_code, lastStreamId) => {
      this.closing = true;
      this.lastTakenStream = lastStreamId;
    });
    session.on('remoteSettings', (settings) => this.adopt(settings));
    session.once('close', () => {
      this.closing = true;
      owner.onClosed(this);
    });
  }

  /**
   * Starts HTTP/2 on a TLS connection and waits for the peer's SETTINGS, which say how many streams it takes.
   * Rejects when the connection ends before.
   */
  static open(
    socket: TLSSocket,
    origin: string,
    options: ConnectOptions,
    owner: ConnectionOwner,
  ): Promise<Http2Connection> {
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
        resolve(connection);
      });
    });
  }

  /** True while another post may go on this connection. */
  get hasRoom(): boolean {
    return (
      this.openStreams < Math.min(this.peerMaxStreams, this.options.maxStreams) &&
      !this.closing &&
      !this.suspect &&
      !this.session.destroyed
    );
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

  private adopt(settings: Settings): void {
    this.peerMaxStreams = settings.maxConcurrentStreams ?? this.options.maxStreams;
    this.owner.onFree();
  }

  private headersOf(exchange: Exchange): Record<string, string | number> {
    const { path, headers, body } = exchange.post;
    return { ...this.fixedHeaders, ':path': path, ...headers, 'content-length': body.length };
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
