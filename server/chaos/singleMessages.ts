import { type Arrival, matchArrivals, type SentMessage } from './matchArrivals';
import { PacedSends } from './neighbours/pacedSends';

const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';
const pollEveryMs = 250;

export interface SingleMessagesOptions {
  readonly perSecond: number;
  /** The browsers they go to in turn; browser n belongs to `user-n` alone. */
  readonly browsers: readonly number[];
  readonly graphql: (query: string, variables: Record<string, unknown>) => Promise<unknown>;
  /** Accepted POSTs of high urgency. */
  readonly arrivals: () => Promise<readonly Arrival[]>;
}

/** Messages to single users at a steady rate, whether or not earlier ones have been answered. */
export class SingleMessages {
  readonly #sends: PacedSends;

  constructor(private readonly options: SingleMessagesOptions) {
    this.#sends = new PacedSends(options.perSecond, (n) => this.#send(n));
  }

  /** Sends no more. Resolves when the last call is answered. */
  end(): Promise<void> {
    return this.#sends.stop();
  }

  /**
   * Once ended, waits for what is on its way.
   * @param graceMs what has not arrived by then counts as missing
   * @returns milliseconds from the call to the POST's arrival at the push service; undefined if it did not arrive
   */
  async durations(graceMs: number): Promise<Array<number | undefined>> {
    const sent = this.#sends.calledAtNs.map((atNs, n): SentMessage => ({ browser: this.#browser(n), atNs }));
    const deadline = performance.now() + graceMs;
    for (;;) {
      const durations = matchArrivals(sent, await this.options.arrivals());
      if (!durations.includes(undefined) || performance.now() > deadline) return durations;
      await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
    }
  }

  #browser(n: number): number {
    const { browsers } = this.options;
    return browsers[n % browsers.length] ?? Number.NaN;
  }

  #send(n: number): Promise<unknown> {
    const input = {
      audience: { userIds: [`user-${this.#browser(n)}`] },
      content: { title: 'Your code is 284 913' },
      urgency: 'HIGH',
    };
    return this.options.graphql(send, { input });
  }
}
