import { quantile } from '../../bench/table';
import type { Installation } from '../installation';
import type { Arrival } from '../matchArrivals';
import { PacedSends } from '../neighbours/pacedSends';

const perSecond = 5;
/** How much later than the p99 of the same run's undisturbed messages a single message may arrive. */
export const toleratedMs = 1_000;
const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';

/** From when to when work has to wait, by `process.hrtime`. */
export interface Disturbance {
  readonly fromNs: bigint;
  readonly untilNs: bigint;
}

export interface SinglesResult {
  readonly sent: number;
  /** Calls without a good answer outside of the disturbance. */
  readonly failed: number;
  /** Messages whose call was answered, and which did not arrive. */
  readonly lost: number;
  /** POSTs beyond one a message. */
  readonly doubled: number;
  /** From the call to the POST, in milliseconds, of messages outside of the disturbance. */
  readonly p99: number;
  readonly slowest: number;
  readonly durations: readonly number[];
}

/** Messages to single users at a steady rate, each to a browser that gets no other. */
export class CountedSingles {
  readonly #sends: PacedSends;
  readonly #answered = new Set<number>();

  /** @param first the number of the browser of the first message; browser n belongs to `user-n` alone */
  constructor(
    graphql: Installation['graphql'],
    private readonly first: number,
  ) {
    this.#sends = new PacedSends(perSecond, async (n) => {
      const input = {
        audience: { userIds: [`user-${first + n}`] },
        content: { title: 'Your code is 284 913' },
        urgency: 'HIGH',
      };
      await graphql(send, { input });
      this.#answered.add(n);
    });
  }

  get count(): number {
    return this.#sends.calledAtNs.length;
  }

  /** Resolves when the last call is answered. */
  end(): Promise<void> {
    return this.#sends.stop();
  }

  /** @param arrivals accepted POSTs of high urgency */
  result(arrivals: readonly Arrival[], disturbance?: Disturbance): SinglesResult {
    const arrivedAt = new Map<number, bigint[]>();
    for (const { index, atNs } of arrivals) {
      const n = index - this.first;
      if (n >= 0 && n < this.count) arrivedAt.set(n, [...(arrivedAt.get(n) ?? []), BigInt(atNs)]);
    }
    const calls = this.#sends.calledAtNs.map((atNs, n) => ({ atNs, n }));
    const judged = calls.filter(
      ({ atNs }) => !disturbance || atNs < disturbance.fromNs || atNs > disturbance.untilNs,
    );
    const durations = judged.flatMap(({ atNs, n }) =>
      (arrivedAt.get(n) ?? []).slice(0, 1).map((at) => Number(at - atNs) / 1e6),
    );
    return {
      sent: this.count,
      failed: judged.filter(({ n }) => !this.#answered.has(n)).length,
      lost: calls.filter(({ n }) => this.#answered.has(n) && !arrivedAt.has(n)).length,
      doubled: [...arrivedAt.values()].reduce((sum, each) => sum + each.length - 1, 0),
      ...{ p99: quantile(durations, 0.99), slowest: quantile(durations, 1), durations },
    };
  }
}

/** Messages that came later than the undisturbed ones of the same run. */
export function lateOnes(alone: SinglesResult, disturbed: SinglesResult): number {
  return disturbed.durations.filter((each) => each > alone.p99 + toleratedMs).length;
}
