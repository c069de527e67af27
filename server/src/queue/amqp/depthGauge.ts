import type { Channel, ChannelModel } from 'amqplib';
import { withDeadline } from '../../model/withDeadline';

const readTimeoutMs = 5_000;

/** Asks the broker how many messages wait in a queue, over a channel of its own. */
export class DepthGauge {
  private model: ChannelModel | undefined;
  private channel: Promise<Channel> | undefined;

  attach(model: ChannelModel): void {
    this.model = model;
    this.channel = undefined;
  }

  detach(): void {
    this.model = undefined;
    this.channel = undefined;
  }

  /** The messages ready in a queue; undefined without a connection, without that queue, or after 5 s. */
  async read(queue: string): Promise<number | undefined> {
    const { model } = this;
    if (!model) return undefined;
    this.channel ??= this.open(model);
    try {
      const answer = this.channel.then((channel) => channel.checkQueue(queue));
      return (await withDeadline(answer, readTimeoutMs, 'reading the depth')).messageCount;
    } catch {
      return undefined;
    }
  }

  private async open(model: ChannelModel): Promise<Channel> {
    const forget = () => {
      if (this.model === model) this.channel = undefined;
    };
    try {
      const channel = await model.createChannel();
      // 404 for a queue that is gone closes the channel; the next reading opens another
      channel.on('error', forget);
      channel.on('close', forget);
      return channel;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
