import { readFileSync } from 'node:fs';
import type { Lane } from '../../model/lane';
import { type Log, silentLog } from '../../observe/log';
import type { Consumption, DispatchHandler, DispatchQueue } from '../dispatchQueue';
import { AmqpConnection } from './connection';
import { AmqpConsumer } from './consumer';
import { DepthGauge } from './depthGauge';
import { ForeignMessages } from './foreignMessages';
import { AmqpPublisher } from './publisher';
import { nameTopology, type Topology } from './topology';

export interface AmqpQueueOptions {
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** PEM file to trust for `amqps:` instead of the authorities that Node brings along. */
  caFile?: string | undefined;
  /** What the names at the broker begin with. Default `fanfare`. */
  prefix?: string;
  /** Told apart from others that use the same names at the broker; undefined: it is not. */
  installation?: string | undefined;
  /** What the connections are called at the broker. Default `fanfare`. */
  connectionName?: string;
  /** A half-open connection is noticed after two to three of these. Default 8. */
  heartbeatSeconds?: number;
  /** Default 10,000. */
  confirmTimeoutMs?: number;
  /** How long a message that goes back is held before. Default 1,000. */
  pauseMs?: number;
  /** How often an idle consumer is checked against its queue. Default 5,000. */
  stallCheckMs?: number;
  /** Told of each time the broker refuses a connection, in the broker's words. */
  onRefusal?: (reply: string) => void;
  log?: Log;
}

/**
 * Opens the queue over RabbitMQ (3.10 and later). Resolves at once, also while the broker is away: then
 * `connected` is false until it comes.
 */
export async function openAmqpQueue(options: AmqpQueueOptions): Promise<DispatchQueue> {
  const queue = new AmqpQueue(options);
  await queue.open();
  return queue;
}

/** Two connections, since a blocked publisher must not keep consumers from acknowledging. */
class AmqpQueue implements DispatchQueue {
  private readonly log: Log;
  private readonly topology: Topology;
  private readonly publisher: AmqpPublisher;
  private readonly gauge = new DepthGauge();
  private readonly foreign: ForeignMessages;
  private readonly publishing: AmqpConnection;
  private readonly consuming: AmqpConnection;
  private readonly consumers = new Set<AmqpConsumer>();
  private readonly listeners = new Set<() => void>();
  private reported = '';
  private closed = false;

  constructor(private readonly options: AmqpQueueOptions) {
    this.log = options.log ?? silentLog;
    this.topology = nameTopology(options.prefix);
    this.foreign = new ForeignMessages(options.installation, this.log);
    this.publishing = this.createPublishing();
    this.consuming = this.createConsuming();
    this.publisher = new AmqpPublisher({
      topology: this.topology,
      installation: options.installation,
      confirmTimeoutMs: options.confirmTimeoutMs ?? 10_000,
      log: this.log,
      isBlocked: () => this.publishing.blocked,
      reset: (model, reason) => this.publishing.reset(model, reason),
    });
  }

  async open(): Promise<void> {
    await Promise.all([this.publishing.open(), this.consuming.open()]);
  }

  get connected(): boolean {
    return !this.closed && this.publishing.connected && this.consuming.connected;
  }

  get blocked(): boolean {
    return this.publishing.blocked;
  }

  publish: DispatchQueue['publish'] = (lane, messages) => this.publisher.publish(lane, messages);

  async consume(lane: Lane, prefetch: number, handler: DispatchHandler): Promise<Consumption> {
    const { topology, log } = this;
    const { pauseMs = 1_000, stallCheckMs = 5_000 } = this.options;
    const options = { lane, prefetch, handler, topology, pauseMs, stallCheckMs, log, foreign: this.foreign };
    const consumer = new AmqpConsumer(options);
    this.consumers.add(consumer);
    const { model } = this.consuming;
    if (model) consumer.attach(model);
    return {
      stop: async () => {
        await consumer.stop();
        this.consumers.delete(consumer);
      },
    };
  }

  depth(lane: Lane): Promise<number | undefined> {
    return this.read(this.topology.queues[lane]);
  }

  deadLetters(): Promise<number | undefined> {
    return this.read(this.topology.deadQueue);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await Promise.all([...this.consumers].map((consumer) => consumer.stop()));
    this.closed = true;
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }

  /** A blocked connection is not read by the broker, so that a question would wait in vain. */
  private async read(queueName: string): Promise<number | undefined> {
    return this.blocked ? undefined : this.gauge.read(queueName);
  }

  private createPublishing(): AmqpConnection {
    return new AmqpConnection({
      ...this.connectionOptions('publishing'),
      setup: (model) => this.publisher.attach(model),
      onConnect: (model) => this.gauge.attach(model),
      onLost: () => this.gauge.detach(),
    });
  }

  private createConsuming(): AmqpConnection {
    return new AmqpConnection({
      ...this.connectionOptions('consuming'),
      onConnect: (model) => {
        for (const consumer of this.consumers) consumer.attach(model);
      },
      onLost: () => {
        for (const consumer of this.consumers) consumer.detach();
      },
    });
  }

  private connectionOptions(purpose: string) {
    const { url, caFile, connectionName = 'fanfare', heartbeatSeconds = 8, onRefusal } = this.options;
    const name = `${connectionName} ${purpose}`;
    const ca = caFile === undefined ? undefined : readFileSync(caFile);
    const onChange = () => this.report();
    return { url, ca, name, heartbeatSeconds, log: this.log, onChange, ...(onRefusal && { onRefusal }) };
  }

  private report(): void {
    const state = `${this.connected} ${this.blocked}`;
    if (state === this.reported) return;
    this.reported = state;
    for (const listener of this.listeners) listener();
  }
}
