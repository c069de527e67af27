import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Lane } from '../../model/lane';
import { withDeadline } from '../../model/withDeadline';
import type { Log } from '../../observe/log';
import { decodeDispatchMessage } from '../dispatchMessage';
import type { Consumption, DispatchHandler, DispatchMessage, Verdict } from '../dispatchQueue';
import { createPause, type Pause } from '../pause';
import { brokerReply } from './brokerReply';
import type { ForeignMessages } from './foreignMessages';
import { StallWatch } from './stallWatch';
import { assertTopology, type Topology } from './topology';

const stopTimeoutMs = 5_000;
const openTimeoutMs = 10_000;
const longestReopenPauseMs = 5_000;

export interface ConsumerOptions {
  lane: Lane;
  prefetch: number;
  handler: DispatchHandler;
  topology: Topology;
  /** How long a message that goes back is held before. */
  pauseMs: number;
  /** How often it is looked whether the broker forgot this consumer. */
  stallCheckMs: number;
  foreign: ForeignMessages;
  log: Log;
}

/**
 * Consumes one lane over a channel of its own and opens that channel again after whatever ends it: a lost
 * connection, a refusal, a deleted queue. A message is settled on the channel that delivered it, or, when
 * that is gone, not at all: the broker has handed it out again by then.
 *
 * | verdict    | AMQP                 | counts towards the delivery limit       |
 * |------------|----------------------|-----------------------------------------|
 * | done       | basic.ack            |                                         |
 * | later      | basic.nack, requeue  | no since RabbitMQ 4.3, yes before       |
 * | rejection  | basic.reject, requeue| yes                                     |
 * | dead       | basic.reject         | dead-lettered at once, reason `rejected`|
 */
export class AmqpConsumer implements Consumption {
  private model: ChannelModel | undefined;
  private channel: Channel | undefined;
  private consumerTag = '';
  private opening: Promise<void> = Promise.resolve();
  private reopenTimer: NodeJS.Timeout | undefined;
  private failedOpenings = 0;
  private stopped = false;
  private readonly pause: Pause;
  private readonly stallWatch = new StallWatch();
  private readonly inFlight = new Set<Promise<void>>();

  constructor(private readonly options: ConsumerOptions) {
    this.pause = createPause(options.pauseMs);
  }

  /** A new connection is there: consume on it. */
  attach(model: ChannelModel): void {
    this.model = model;
    this.reopen(0);
  }

  /** The connection is gone, and every channel with it. */
  detach(): void {
    this.model = undefined;
    this.channel = undefined;
    this.stallWatch.end();
    clearTimeout(this.reopenTimer);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.reopenTimer);
    this.pause.end();
    this.stallWatch.end();
    const cancelled = await this.quietly(this.opening.then(() => this.channel?.cancel(this.consumerTag)));
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
    // a broker that did not answer the cancel would not answer this either
    if (cancelled) await this.quietly(this.channel?.close());
    this.channel = undefined;
  }

  private reopen(delayMs: number): void {
    if (this.stopped) return;
    clearTimeout(this.reopenTimer);
    this.reopenTimer = setTimeout(() => {
      this.opening = this.opening.then(() => this.open()).catch((error) => this.openLater(error));
    }, delayMs);
  }

  private openLater(error: Error): void {
    const { lane, log } = this.options;
    log.warn({ err: error, reply: brokerReply(error), lane }, 'cannot consume, trying again');
    this.failedOpenings += 1;
    this.reopen(Math.min(longestReopenPauseMs, 100 * 2 ** this.failedOpenings));
  }

  private async open(): Promise<void> {
    const { model } = this;
    if (!model || this.channel || this.stopped) return;
    const channel = await withDeadline(model.createChannel(), openTimeoutMs, 'opening a channel');
    channel.on('error', (error: Error) =>
      this.options.log.warn(
        { err: error, reply: brokerReply(error), lane: this.options.lane },
        'channel failed',
      ),
    );
    channel.on('close', () => this.lose(channel));
    this.channel = channel;
    try {
      // a quorum queue without a leader answers nothing
      await withDeadline(this.begin(channel), openTimeoutMs, 'beginning to consume');
    } catch (error) {
      this.channel = undefined;
      void this.quietly(channel.close());
      throw error;
    }
    this.failedOpenings = 0;
  }

  private async begin(channel: Channel): Promise<void> {
    const { lane, prefetch, topology, stallCheckMs } = this.options;
    const queue = topology.queues[lane];
    await assertTopology(channel, topology);
    await channel.prefetch(prefetch);
    if (this.stopped) return;
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) this.take(channel, message);
      else this.abandon(channel, 'consumer cancelled by the broker');
    });
    this.consumerTag = consumerTag;
    const isIdle = () => this.inFlight.size < prefetch;
    const stalled = () => this.abandon(channel, 'messages wait, but the broker hands none out');
    this.stallWatch.begin({ channel, queue, checkMs: stallCheckMs, isIdle, stalled });
    this.options.log.debug({ lane, prefetch }, 'consuming');
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.stallWatch.end();
    if (this.model) this.reopen(100);
  }

  /** The consumer is of no use any more: its channel goes, and another is opened. */
  private abandon(channel: Channel, reason: string): void {
    this.options.log.warn({ lane: this.options.lane }, reason);
    // a channel whose queue has lost its leader does not even answer that it closes
    void this.quietly(channel.close()).then(() => this.lose(channel));
  }

  private take(channel: Channel, message: ConsumeMessage): void {
    if (this.stopped) {
      this.settle(() => channel.nack(message, false, true));
      return;
    }
    this.stallWatch.noteDelivery();
    const handled = this.handle(channel, message).finally(() => this.inFlight.delete(handled));
    this.inFlight.add(handled);
  }

  private async handle(channel: Channel, message: ConsumeMessage): Promise<void> {
    const verdict = await this.ask(message);
    if (verdict === 'later' || verdict === 'failed') await this.pause.wait();
    this.settle(() => {
      if (verdict === 'done') channel.ack(message);
      else if (verdict === 'later') channel.nack(message, false, true);
      else channel.reject(message, verdict === 'failed');
    });
  }

  private async ask(message: ConsumeMessage): Promise<Verdict | 'failed'> {
    // requeued it could come back to us again and again
    if (this.options.foreign.isForeign(message.properties.appId)) return 'done';
    const reference = decodeDispatchMessage(message.content);
    if (!reference) return this.bury('malformed message');
    try {
      const verdict = await this.options.handler(reference);
      return verdict === 'dead' ? this.bury('refused by the worker', reference) : verdict;
    } catch (error) {
      this.options.log.error({ err: error, lane: this.options.lane, ...reference }, 'handler failed');
      return 'failed';
    }
  }

  private bury(reason: string, reference?: DispatchMessage): Verdict {
    this.options.log.warn(
      { lane: this.options.lane, reason, ...reference },
      'message moved to the dead letters',
    );
    return 'dead';
  }

  /** A closed channel throws; the verdict is then late and the broker will ask again. */
  private settle(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.options.log.debug({ err: error, lane: this.options.lane }, 'late verdict dropped');
    }
  }

  /** Resolves with whether the broker answered in time. */
  private async quietly(work: Promise<unknown> | undefined): Promise<boolean> {
    try {
      await withDeadline(Promise.resolve(work), stopTimeoutMs, 'the answer of the broker');
      return true;
    } catch (error) {
      this.options.log.debug({ err: error, lane: this.options.lane }, 'channel was gone already');
      return false;
    }
  }
}
