import { quantile } from '../../bench/table';

/** Milliseconds from the call to the POST's arrival; undefined if the message did not arrive. */
export type Durations = ReadonlyArray<number | undefined>;

/** How much later than usual a single message may arrive next to a poisoned neighbour. */
export const toleratedMs = 1_000;

export interface Lateness {
  readonly sent: number;
  /** Of those that arrived. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  /** Arrived after `limitMs`. */
  readonly late: number;
  readonly missing: number;
  readonly limitMs: number;
}

/** Compares messages under attack with the baseline of the same run: the usual time is the baseline's p99. */
export function latenessOf(baseline: Durations, attacked: Durations): Lateness {
  const arrived = attacked.filter((each) => each !== undefined);
  const limitMs = p99Of(baseline) + toleratedMs;
  return {
    sent: attacked.length,
    p50: quantile(arrived, 0.5),
    p99: quantile(arrived, 0.99),
    slowest: quantile(arrived, 1),
    late: arrived.filter((each) => each > limitMs).length,
    missing: attacked.length - arrived.length,
    limitMs,
  };
}

/** @throws when the baseline itself has messages that did not arrive: the run then says nothing */
function p99Of(baseline: Durations): number {
  const arrived = baseline.filter((each) => each !== undefined);
  if (arrived.length === 0 || arrived.length < baseline.length) {
    throw new Error(
      `${baseline.length - arrived.length} of ${baseline.length} messages did not arrive before the attack.`,
    );
  }
  return quantile(arrived, 0.99);
}

/** Every message must have arrived, in time. */
export function isUndisturbed({ sent, late, missing }: Lateness): boolean {
  return sent > 0 && late === 0 && missing === 0;
}
