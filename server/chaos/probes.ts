import { quantile } from '../bench/table';
import { until } from '../test/support/until';
import type { Installation } from './installation';
import type { PushServices } from './pushServicesProcess';

const everyMs = 100;

/** How many browsers are there for the probes: each gets one message at most. */
export const probeBrowsers = 600;

export interface ProbeResult {
  readonly sent: number;
  /** From the call that sends to the POST's arrival at the push service, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Messages to single users at the healthy push service, while something else suffers. */
export class Probes {
  readonly #calledAt = new Map<number, bigint>();
  #running: Promise<void> | undefined;
  #stopping = false;
  #failed = 0;

  /** @param from the number of the first browser that is there for probes */
  constructor(
    private readonly installation: Installation,
    private readonly services: PushServices,
    private readonly from: number,
  ) {}

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the last one has arrived. @returns undefined when none was sent */
  async stop(): Promise<ProbeResult | undefined> {
    this.#stopping = true;
    await this.#running;
    if (this.#calledAt.size === 0) return undefined;
    const arrivals = await until(
      async () => {
        const { urgent } = await this.services.report();
        return new Set(urgent.map(({ index }) => index)).size >= this.#calledAt.size ? urgent : undefined;
      },
      `all ${this.#calledAt.size} messages to single users`,
      60_000,
    );
    const durations = [...this.#calledAt].map(([index, calledAt]) => {
      const arrival = arrivals.find((each) => each.index === index);
      return Number(BigInt(arrival?.atNs ?? 0) - calledAt) / 1e6;
    });
    return { sent: durations.length, p50: quantile(durations, 0.5), p99: quantile(durations, 0.99) };
  }

  /** Calls that were not answered. */
  get failed(): number {
    return this.#failed;
  }

  async #run(): Promise<void> {
    const calls: Promise<void>[] = [];
    for (let sent = 0; !this.#stopping && sent < probeBrowsers; sent += 1) {
      calls.push(this.#send(this.from + sent));
      // not in step with the timers of what is measured
      await new Promise((resolve) => setTimeout(resolve, everyMs * (0.5 + Math.random())));
    }
    await Promise.all(calls);
  }

  async #send(index: number): Promise<void> {
    const calledAt = process.hrtime.bigint();
    const input = {
      audience: { userIds: [`user-${index}`] },
      content: { title: 'Your code is 284 913' },
      urgency: 'HIGH',
    };
    try {
      await this.installation.graphql(
        'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }',
        { input },
      );
      this.#calledAt.set(index, calledAt);
    } catch {
      this.#failed += 1;
    }
  }
}
