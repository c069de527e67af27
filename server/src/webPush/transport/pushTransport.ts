import { startDeadline } from '../../model/deadline';
import type { PushAnswer } from '../../model/pushAnswer';
import { RunningClock } from '../../model/runningClock';
import type { PushPost } from '../pushPost';
import { Exchange } from './exchange';
import { PushOrigin } from './pushOrigin';
import type { PushTransportOptions } from './pushTransportOptions';
import { type ConnectOptions, secureContextWith } from './tlsConnector';

/**
 * The transport: POSTs to push services over connections that are kept.
 *
 * Enters: an endpoint in parts, headers and an encrypted body. Leaves: a `PushAnswer`, for every post exactly
 * one. What may fail is a value too; nothing here throws or rejects. HTTP/2 where the push service offers it,
 * else HTTP/1.1; no redirects, no proxy. The worker calls it, and decides how much is in flight.
 */
export interface PushTransport {
  /** Sends one message and gives the answer, or what came instead, by `timeoutMs` (and 0.1 s) at the latest. */
  post(post: PushPost): Promise<PushAnswer>;
  /**
   * Takes no more posts (`aborted`), waits at most `graceMs` for the answers still out, aborts what is left and
   * closes every connection.
   */
  close(graceMs: number): Promise<void>;
  readonly stats: TransportStats;
}

export interface TransportStats {
  /** Posts without an answer yet. */
  readonly inFlight: number;
  /** HTTP/2 connections open now. */
  readonly connections: number;
  /** Posts handed in since the start. */
  readonly posts: number;
  /** Times a post was sent again because the push service surely had not taken it. */
  readonly resent: number;
}

/** One timer looks after every deadline and connection: cheaper by far than a timer for each post. */
const sweepEveryMs = 100;

export function openPushTransport(options: PushTransportOptions): PushTransport {
  return new KeptConnections({
    secureContext: secureContextWith(options.extraCa),
    clock: new RunningClock(),
    maxConnections: 4,
    maxStreams: 250,
    maxHttp1Connections: 64,
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 300_000,
    pingAfterMs: 20_000,
    pingTimeoutMs: 5_000,
    ...options,
  });
}

class KeptConnections implements PushTransport {
  private readonly origins = new Map<string, PushOrigin>();
  private readonly live = new Set<Exchange>();
  private readonly sweepTimer: NodeJS.Timeout;
  private posts = 0;
  private resent = 0;
  private closing = false;
  private whenIdle: (() => void) | undefined;

  constructor(private readonly options: ConnectOptions) {
    // after what has arrived was read: a process that stood still would take it for late
    const afterReading = () => setImmediate(() => this.sweep(options.clock.now()));
    this.sweepTimer = setInterval(afterReading, sweepEveryMs).unref();
  }

  post(post: PushPost): Promise<PushAnswer> {
    if (this.closing) return Promise.resolve({ kind: 'failure', failure: 'aborted' });
    this.posts += 1;
    return new Promise((resolve) => {
      const deadlineAt = this.options.clock.now() + post.timeoutMs;
      const exchange = new Exchange(post, deadlineAt, (settled, answer) => {
        this.live.delete(settled);
        resolve(answer);
        if (this.live.size === 0) this.whenIdle?.();
      });
      this.live.add(exchange);
      this.originOf(post.origin).send(exchange);
    });
  }

  async close(graceMs: number): Promise<void> {
    this.closing = true;
    if (this.live.size > 0) await this.idleWithin(graceMs);
    clearInterval(this.sweepTimer);
    for (const exchange of this.live) exchange.fail('aborted');
    for (const origin of this.origins.values()) origin.close();
    this.origins.clear();
  }

  get stats(): TransportStats {
    let connections = 0;
    for (const origin of this.origins.values()) connections += origin.connectionCount;
    return { inFlight: this.live.size, connections, posts: this.posts, resent: this.resent };
  }

  private originOf(origin: string): PushOrigin {
    const known = this.origins.get(origin);
    if (known !== undefined) return known;
    const created = new PushOrigin(origin, this.options, () => {
      this.resent += 1;
    });
    this.origins.set(origin, created);
    return created;
  }

  /** @param nowMs by the `RunningClock` */
  private sweep(nowMs: number): void {
    // before the next look it would have become too late
    const tooLateAt = Date.now() + sweepEveryMs;
    for (const exchange of this.live) {
      if (exchange.deadlineAt <= nowMs || exchange.comesTooLate(tooLateAt)) exchange.fail('timeout');
    }
    for (const [name, origin] of this.origins) {
      if (origin.sweep(nowMs) === 'unused') {
        origin.close();
        this.origins.delete(name);
      }
    }
  }

  private idleWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const deadline = startDeadline(graceMs, resolve);
      this.whenIdle = () => {
        deadline.cancel();
        resolve();
      };
    });
  }
}
