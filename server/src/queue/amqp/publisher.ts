import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import type { Lane } from '../../model/lane';
import { withDeadline } from '../../model/withDeadline';
import type { Log } from '../../observe/log';
import { encodeDispatchMessage } from '../dispatchMessage';
import type { DispatchMessage } from '../dispatchQueue';
import { assertTopology, type Topology } from './topology';

/** Written before their confirms are waited for. */
const chunkLength = 256;
/** Written and unconfirmed, over all callers; beyond it a publish is answered with less. */
const unconfirmedLimit = 2_048;

const repairDelayMs = 1_000;

export interface PublisherOptions {
  topology: Topology;
  /** Goes along with each message, as its `app-id`. */
  installation: string | undefined;
  /** A confirm that takes longer counts as lost, and so does the connection. */
  confirmTimeoutMs: number;
  log: Log;
  isBlocked(): boolean;
  reset(model: ChannelModel, reason: string): void;
}

/** Publishes persistent, mandatory messages and counts only what was confirmed and not returned. */
export class AmqpPublisher {
  private model: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;
  private readonly returned = new Set<string>();
  private unconfirmed = 0;
  private sequence = 0;
  private repairing = false;

  constructor(private readonly options: PublisherOptions) {}

  /** Opens the channel on a new connection and declares the topology. */
  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    channel.on('error', (error: Error) => this.options.log.warn({ err: error }, 'publishing channel failed'));
    channel.on('close', () => this.detach(model, channel));
    channel.on('return', (message: Message) => this.takeReturned(channel, message));
    await assertTopology(channel, this.options.topology);
    this.model = model;
    this.channel = channel;
  }

  /** See `DispatchQueue.publish`. */
  async publish(lane: Lane, messages: readonly DispatchMessage[]): Promise<DispatchMessage[]> {
    const confirmed: DispatchMessage[] = [];
    for (let start = 0; start < messages.length; start += chunkLength) {
      const chunk = messages.slice(start, start + chunkLength);
      const { channel } = this;
      const full = this.unconfirmed + chunk.length > unconfirmedLimit;
      if (!channel || full || this.options.isBlocked()) break;
      confirmed.push(...(await this.publishChunk(channel, lane, chunk)));
    }
    return confirmed;
  }

  private async publishChunk(channel: ConfirmChannel, lane: Lane, chunk: readonly DispatchMessage[]) {
    const confirmed = new Set<DispatchMessage>();
    const sends = chunk.map(async (message) => {
      if (await this.send(channel, lane, message)) confirmed.add(message);
    });
    try {
      await withDeadline(Promise.all(sends), this.options.confirmTimeoutMs, 'confirm');
    } catch {
      this.giveUp(channel);
    }
    return chunk.filter((message) => confirmed.has(message));
  }

  /** Resolves with whether the broker took the message and routed it. */
  private send(channel: ConfirmChannel, lane: Lane, message: DispatchMessage): Promise<boolean> {
    this.sequence += 1;
    const messageId = `${message.dispatchId}-${this.sequence}`;
    const { installation: appId } = this.options;
    const options = { persistent: true, mandatory: true, messageId, appId, contentType: 'application/json' };
    return new Promise((resolve) => {
      const settle = (error: unknown) => {
        this.unconfirmed -= 1;
        // a return comes before its confirm, and an unroutable message is confirmed too
        const wasReturned = this.returned.delete(messageId);
        resolve(!error && !wasReturned);
      };
      this.unconfirmed += 1;
      try {
        channel.publish(
          this.options.topology.exchange,
          lane,
          encodeDispatchMessage(message),
          options,
          settle,
        );
      } catch (error) {
        settle(error);
      }
    });
  }

  /** While the broker blocks, late confirms are no sign of a dead connection. */
  private giveUp(channel: ConfirmChannel): void {
    if (this.options.isBlocked() || this.channel !== channel) return;
    this.channel = undefined;
    if (this.model) this.options.reset(this.model, 'a publisher confirm did not come');
  }

  /** A channel that the broker closed (404: the exchange is gone) takes its connection along. */
  private detach(model: ChannelModel, channel: ConfirmChannel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    // in the next turn it is known whether the connection went first
    setImmediate(() => this.options.reset(model, 'the publishing channel closed'));
  }

  /**
   * An unroutable message means that a queue or binding was deleted: declare everything again, but only
   * when the consumers of that queue have heard of its end (see `StallWatch`).
   */
  private takeReturned(channel: ConfirmChannel, message: Message): void {
    this.returned.add(String(message.properties.messageId));
    if (this.repairing) return;
    this.repairing = true;
    this.options.log.warn({ lane: message.fields.routingKey }, 'message returned as unroutable');
    setTimeout(() => void this.repair(channel), repairDelayMs).unref();
  }

  private async repair(channel: ConfirmChannel): Promise<void> {
    try {
      await assertTopology(channel, this.options.topology);
    } catch (error) {
      this.options.log.warn({ err: error }, 'topology could not be declared again');
    } finally {
      this.repairing = false;
    }
  }
}
