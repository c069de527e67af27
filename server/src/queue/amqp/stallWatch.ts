import type { Channel } from 'amqplib';

export interface StallWatchOptions {
  /** The consumer's own channel: a 404 for a queue that is gone closes it, as it should. */
  channel: Pick<Channel, 'checkQueue'>;
  queue: string;
  checkMs: number;
  /** Whether the consumer has room for more messages. */
  isIdle(): boolean;
  /** Called once, when the consumer turns out to be forgotten. */
  stalled(): void;
}

/**
 * Notices a consumer that the broker has forgotten. RabbitMQ 3.10 does not cancel the consumers of a
 * quorum queue that is deleted and at once declared again: the new queue even assigns them messages, up to
 * their prefetch, that never arrive. The sign is that in two looks, one after the other, messages wait
 * although the consumer has room and got none in between.
 */
export class StallWatch {
  private timer: NodeJS.Timeout | undefined;
  private delivered = false;
  private suspicious = false;
  private looking = false;

  begin(options: StallWatchOptions): void {
    this.end();
    this.timer = setInterval(() => void this.look(options), options.checkMs);
  }

  noteDelivery(): void {
    this.delivered = true;
  }

  end(): void {
    clearInterval(this.timer);
    this.delivered = false;
    this.suspicious = false;
  }

  private async look(options: StallWatchOptions): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const waiting =
        this.isQuiet(options) && (await options.channel.checkQueue(options.queue)).messageCount > 0;
      this.judge(waiting && this.isQuiet(options), options);
    } catch {
      this.suspicious = false;
    } finally {
      this.delivered = false;
      this.looking = false;
    }
  }

  private isQuiet(options: StallWatchOptions): boolean {
    return options.isIdle() && !this.delivered;
  }

  private judge(suspicious: boolean, options: StallWatchOptions): void {
    if (suspicious && this.suspicious) {
      this.end();
      options.stalled();
      return;
    }
    this.suspicious = suspicious;
  }
}
