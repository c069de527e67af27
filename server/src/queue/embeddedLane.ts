import type { Lane } from '../model/lane';
import type { Log } from '../observe/log';
import type { Consumption, DispatchHandler, DispatchMessage } from './dispatchQueue';
import { createPause, type Pause } from './pause';

/** How often a failed message is handed out again, as the delivery limit of the quorum queues has it. */
const deliveryLimit = 20;

interface Entry {
  message: DispatchMessage;
  failures: number;
}

interface Consumer {
  prefetch: number;
  handler: DispatchHandler;
  pause: Pause;
  inFlight: Set<Promise<void>>;
  stopped: boolean;
}

export interface EmbeddedLaneOptions {
  lane: Lane;
  capacity: number;
  pauseMs: number;
  log: Log;
}

/** One lane of the embedded queue: a list of what waits, and the consumers that take from it. */
export class EmbeddedLane {
  /** Messages given up since the process started. */
  dead = 0;
  private readonly waiting: Entry[] = [];
  private readonly consumers = new Set<Consumer>();
  private scheduled = false;

  constructor(private readonly options: EmbeddedLaneOptions) {}

  get depth(): number {
    return this.waiting.length;
  }

  /** Takes as many of the messages as fit and returns those; handlers run after the caller's turn. */
  push(messages: readonly DispatchMessage[]): DispatchMessage[] {
    const room = Math.max(0, this.options.capacity - this.waiting.length);
    const taken = messages.slice(0, room);
    for (const message of taken) this.waiting.push({ message: { ...message }, failures: 0 });
    this.schedule();
    return taken;
  }

  consume(prefetch: number, handler: DispatchHandler): Consumption {
    const pause = createPause(this.options.pauseMs);
    const consumer: Consumer = { prefetch, handler, pause, inFlight: new Set(), stopped: false };
    this.consumers.add(consumer);
    this.schedule();
    return { stop: () => this.stopConsumer(consumer) };
  }

  /** Stops every consumer; resolves when their handlers have settled. */
  async stop(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => this.stopConsumer(consumer)));
  }

  private async stopConsumer(consumer: Consumer): Promise<void> {
    consumer.stopped = true;
    consumer.pause.end();
    await Promise.all(consumer.inFlight);
    this.consumers.delete(consumer);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.handOut();
    });
  }

  /** One message to each consumer in turn, until the list is empty or every consumer is full. */
  private handOut(): void {
    for (;;) {
      const free = [...this.consumers].filter(
        (consumer) => !consumer.stopped && consumer.inFlight.size < consumer.prefetch,
      );
      if (free.length === 0) return;
      for (const consumer of free) {
        const entry = this.waiting.shift();
        if (!entry) return;
        this.handle(consumer, entry);
      }
    }
  }

  private handle(consumer: Consumer, entry: Entry): void {
    const handled = this.settle(consumer, entry).finally(() => {
      consumer.inFlight.delete(handled);
      this.schedule();
    });
    consumer.inFlight.add(handled);
  }

  private async settle(consumer: Consumer, entry: Entry): Promise<void> {
    const verdict = await this.ask(consumer.handler, entry);
    if (verdict === 'done') return;
    if (verdict === 'dead' || entry.failures > deliveryLimit) return this.bury(entry);
    await consumer.pause.wait();
    this.waiting.unshift(entry);
  }

  private async ask(handler: DispatchHandler, entry: Entry) {
    try {
      return await handler({ ...entry.message });
    } catch (error) {
      entry.failures += 1;
      this.options.log.error({ err: error, lane: this.options.lane, ...entry.message }, 'handler failed');
      return 'later';
    }
  }

  private bury(entry: Entry): void {
    this.dead += 1;
    this.options.log.warn({ lane: this.options.lane, ...entry.message }, 'message moved to the dead letters');
  }
}
