import type { LookupFunction } from 'node:net';
import type { PushFailureName } from '../../model/pushAnswer';
import type { Exchange } from './exchange';
import { failureOf } from './failureOf';
import { Http1Sender } from './http1Sender';
import { type ConnectionOwner, Http2Connection } from './http2/http2Connection';
import { PostQuota } from './postQuota';
import { type ConnectOptions, TlsConnector } from './tlsConnector';

/**
 * The pause after a further connection could not be had, so that the ones there are must do; and after one has
 * ended that never gave an answer, so that a push service that is going down is not stormed.
 */
const reconnectPauseMs = 1_000;

/**
 * HTTP/2 connections to one origin begin so far apart. Each takes a handshake of milliseconds, in which nothing else
 * is done here: a push service that ends them soon has to wait, not those beside it.
 */
const connectApartMs = 25;

/**
 * Connections, for each that may take posts, with those that the push service has ended and on which answers are
 * awaited. At 16 posts each, all 512 that may be under way at once have room.
 */
const connectionsPerTaking = 8;

/**
 * One push service origin: its connections, and the posts that wait for room on them. The first connection tells
 * by ALPN which HTTP is spoken; another HTTP/2 connection is opened only when all others are full.
 */
export class PushOrigin implements ConnectionOwner {
  private readonly connections: Http2Connection[] = [];
  private waiting: Exchange[] = [];
  private http1: Http1Sender | undefined;
  private readonly quota = new PostQuota();
  private connecting = false;
  /** By `performance.now`. */
  private nextConnectAt = 0;
  private connectTimer: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();
  private readonly tls: TlsConnector;
  /** By the transport's `RunningClock`, as `usedAt`. */
  private pausedUntil = 0;
  private usedAt: number;

  constructor(
    private readonly origin: string,
    private readonly options: ConnectOptions,
    private readonly onResend: () => void,
  ) {
    this.usedAt = options.clock.now();
    this.tls = new TlsConnector(origin, options, this.closing.signal);
  }

  get connectionCount(): number {
    return this.connections.length;
  }

  send(exchange: Exchange): void {
    if (this.http1 !== undefined) {
      this.usedAt = this.options.clock.now();
      this.http1.send(exchange);
      return;
    }
    const connection = this.waiting.length === 0 ? this.connectionWithRoom() : undefined;
    if (connection !== undefined) {
      connection.send(exchange);
      return;
    }
    this.waiting.push(exchange);
    this.serveWaiting();
  }

  /**
   * Looks after the connections; `unused` when this origin may be forgotten.
   * @param nowMs by the transport's `RunningClock`
   */
  sweep(nowMs: number): 'used' | 'unused' {
    for (const connection of [...this.connections]) connection.sweep(nowMs);
    this.waiting = this.waiting.filter((exchange) => !exchange.settled);
    if (this.waiting.length > 0) this.serveWaiting();
    const busy = this.connections.length > 0 || this.connecting || this.waiting.length > 0;
    if (busy) this.usedAt = nowMs;
    return nowMs - this.usedAt >= this.options.idleTimeoutMs ? 'unused' : 'used';
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.connectTimer);
    for (const connection of [...this.connections]) connection.destroy();
    this.http1?.close();
  }

  onOpen(connection: Http2Connection): void {
    this.connecting = false;
    this.connections.push(connection);
    this.serveWaiting();
  }

  onClosedUnanswered(): void {
    this.pausedUntil = this.options.clock.now() + reconnectPauseMs;
  }

  onFree(): void {
    if (this.waiting.length > 0) this.serveWaiting();
  }

  onGoaway(taken: number, givenBack: number): void {
    this.quota.learn(taken, givenBack);
  }

  onNotProcessed(exchange: Exchange): void {
    if (!exchange.mayResend()) {
      exchange.fail('refused');
      return;
    }
    this.onResend();
    this.send(exchange);
  }

  onHttp1Required(exchange: Exchange): void {
    this.speakHttp1();
    this.onNotProcessed(exchange);
  }

  onClosed(connection: Http2Connection): void {
    this.connections.splice(this.connections.indexOf(connection), 1);
    if (this.waiting.length > 0 && !this.closing.signal.aborted) this.serveWaiting();
  }

  private connectionWithRoom(): Http2Connection | undefined {
    for (const connection of this.connections) {
      if (connection.hasRoom && this.quota.allows(connection)) return connection;
    }
    return undefined;
  }

  private serveWaiting(): void {
    let served = 0;
    for (const exchange of this.waiting) {
      if (!exchange.settled) {
        const connection = this.connectionWithRoom();
        if (connection === undefined) break;
        connection.send(exchange);
      }
      served += 1;
    }
    if (served > 0) this.waiting = this.waiting.slice(served);
    if (this.waiting.length > 0 && this.mayConnect()) this.connectSoon();
  }

  private connectSoon(): void {
    const waitMs = this.nextConnectAt - performance.now();
    if (waitMs <= 0) void this.connect();
    else this.connectTimer ??= setTimeout(() => this.onConnectTimer(), waitMs);
  }

  private onConnectTimer(): void {
    this.connectTimer = undefined;
    this.serveWaiting();
  }

  private mayConnect(): boolean {
    if (this.connecting || this.closing.signal.aborted || this.options.clock.now() < this.pausedUntil)
      return false;
    const { maxConnections } = this.options;
    const sound = this.connections.filter((connection) => connection.isHealthy);
    return sound.length < maxConnections && this.connections.length < maxConnections * connectionsPerTaking;
  }

  private async connect(): Promise<void> {
    this.connecting = true;
    this.nextConnectAt = performance.now() + connectApartMs;
    try {
      const lookup = this.options.guard.lookupFor(this.origin);
      if (this.origin.startsWith('http:')) this.speakHttp1(lookup);
      else await this.connectTls(lookup);
    } catch (error) {
      this.connecting = false;
      this.tls.forget();
      if (this.connections.length === 0) this.failWaiting(failureOf(error, 'refused'));
      else this.onClosedUnanswered();
    }
  }

  private async connectTls(lookup: LookupFunction): Promise<void> {
    const socket = await this.tls.connect(lookup);
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      this.speakHttp1(lookup);
      return;
    }
    await Http2Connection.open(socket, this.origin, this.options, this);
  }

  private speakHttp1(lookup = this.options.guard.lookupFor(this.origin)): void {
    this.connecting = false;
    if (this.closing.signal.aborted) return;
    this.http1 ??= new Http1Sender(this.origin, lookup, this.options);
    for (const exchange of this.takeWaiting()) this.http1.send(exchange);
  }

  private failWaiting(failure: PushFailureName): void {
    for (const exchange of this.takeWaiting()) exchange.fail(failure);
  }

  private takeWaiting(): Exchange[] {
    const taken = this.waiting.filter((exchange) => !exchange.settled);
    this.waiting = [];
    return taken;
  }
}
