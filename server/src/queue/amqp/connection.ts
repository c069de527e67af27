import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import { withDeadline } from '../../model/withDeadline';
import type { Log } from '../../observe/log';
import { brokerReply } from './brokerReply';

const handshakeTimeoutMs = 10_000;
const closeTimeoutMs = 5_000;

export interface AmqpConnectionOptions {
  /** `amqp:` or `amqps:`; the path is the virtual host. */
  url: string;
  /** PEM, for `amqps:`. */
  ca?: Buffer | undefined;
  /** Shown by the broker's tools. */
  name: string;
  /** The peer is taken for dead after two to three of these without a frame. */
  heartbeatSeconds: number;
  log: Log;
  /** Runs on every new connection before it counts as connected; a rejection means another try. */
  setup?(model: ChannelModel): Promise<void>;
  onConnect?(model: ChannelModel): void;
  onLost?(): void;
  /** The broker refused the connection or its setup; in its words. */
  onRefusal?(reply: string): void;
  /** After each change of `connected` or `blocked`. */
  onChange(): void;
}

/**
 * One connection to the broker that comes back by itself, for ever, with growing pauses up to 5 s.
 * amqplib's recovery does the reconnecting; this adds deadlines where a half-open connection would hang.
 */
export class AmqpConnection {
  connected = false;
  blocked = false;
  /** The present connection; undefined while there is none. */
  model: ChannelModel | undefined;
  private recovering: RecoveringChannelModel | undefined;
  private quiet = false;
  private closing = false;

  constructor(private readonly options: AmqpConnectionOptions) {}

  /** Begins to connect; resolves at once, connected or not. */
  async open(): Promise<void> {
    const url = new URL(this.options.url);
    url.searchParams.set('heartbeat', String(this.options.heartbeatSeconds));
    const recovering = await connect(url.href, {
      timeout: handshakeTimeoutMs,
      noDelay: true,
      keepAlive: true,
      ...(this.options.ca && { ca: [this.options.ca] }),
      clientProperties: { connection_name: this.options.name },
      recovery: {
        initialDelay: 100,
        maxDelay: 5_000,
        waitForConnect: false,
        setup: (model: ChannelModel) => this.setup(model),
      },
    });
    this.recovering = recovering;
    this.listen(recovering);
  }

  /** Gives up a connection, as if it had broken, unless it is past already; a new one is made at once. */
  reset(model: ChannelModel, reason: string): void {
    if (this.model !== model || this.closing) return;
    this.options.log.warn({ connection: this.options.name, reason }, 'broker connection reset');
    cut(model, reason);
  }

  /** Closes for good, politely for 5 s, then by cutting the socket. */
  async close(): Promise<void> {
    const { model, recovering } = this;
    this.closing = true;
    if (!recovering) return;
    await withDeadline(recovering.close(), closeTimeoutMs, 'closing').catch(() => {
      if (model) cut(model, 'close timed out');
    });
    this.lose();
  }

  private async setup(model: ChannelModel): Promise<void> {
    let closed = false;
    model.on('close', () => {
      closed = true;
    });
    // amqplib binds its own listener only after this; an error without one would end the process
    model.on('error', (error) => this.noteFailure(error));
    try {
      const done = this.options.setup?.(model) ?? Promise.resolve();
      await withDeadline(done, handshakeTimeoutMs, 'setting up the broker connection');
      // a close that arrived together with the last answer is seen only in the next turn
      await setImmediate();
    } catch (error) {
      cut(model, 'setup failed');
      await setImmediate();
      throw error;
    }
    if (closed) throw new Error('the broker connection closed while it was set up');
  }

  private listen(recovering: RecoveringChannelModel): void {
    recovering.on('connect', (model: ChannelModel) => this.gain(model));
    recovering.on('disconnect', (error: Error) => {
      this.noteFailure(error);
      this.lose();
    });
    recovering.on('connect-failed', (error: Error) => this.noteFailure(error));
    recovering.on('error', (error: Error) => this.noteFailure(error));
    recovering.on('blocked', (reason: string) => this.setBlocked(true, reason));
    recovering.on('unblocked', () => this.setBlocked(false));
    recovering.on('handler-error', (error: Error, event: string) =>
      this.options.log.error({ err: error, event }, 'a listener of the broker connection failed'),
    );
  }

  private gain(model: ChannelModel): void {
    this.model = model;
    this.connected = true;
    this.quiet = false;
    this.options.log.info({ connection: this.options.name }, 'connected to the broker');
    this.options.onConnect?.(model);
    this.options.onChange();
  }

  private lose(): void {
    const changed = this.connected || this.blocked;
    this.model = undefined;
    this.connected = false;
    this.blocked = false;
    this.options.onLost?.();
    if (changed) this.options.onChange();
  }

  private setBlocked(blocked: boolean, reason?: string): void {
    this.blocked = blocked;
    const sentence = blocked ? 'the broker blocks publishers' : 'the broker takes publishers again';
    this.options.log.warn({ connection: this.options.name, reason }, sentence);
    this.options.onChange();
  }

  /** One line for each loss of the broker, not one for each try to reach it again. */
  private noteFailure(error: Error): void {
    const level = this.quiet ? 'debug' : 'warn';
    this.quiet = true;
    const { name, log, onRefusal } = this.options;
    const reply = brokerReply(error);
    if (reply === undefined) {
      log[level]({ connection: name, err: error }, 'broker not reachable');
    } else {
      onRefusal?.(reply);
      log[level]({ connection: name, reply }, 'the broker refuses the connection');
    }
  }
}

/** Destroys the socket, which amqplib takes as an error of the connection; the types do not show it. */
function cut(model: ChannelModel, reason: string): void {
  const { stream } = model.connection as unknown as { stream: Duplex };
  stream.destroy(new Error(reason));
}
