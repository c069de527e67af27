import { quantile } from '../../bench/table';

/** Milliseconds until each was answered; undefined for what was not answered. */
export type Durations = ReadonlyArray<number | undefined>;

/** Below this, what a process without a single idle core adds is noise. */
export const floorMs = 100;

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Slowdown {
  readonly alone: Quantiles;
  readonly attacked: Quantiles;
  readonly unanswered: number;
  /** The median and the p95 stay below so many times what they are alone, or below the floor. */
  readonly isBearable: boolean;
}

/** What is not answered took for ever. */
export function quantilesOf(durations: Durations): Quantiles {
  const all = durations.map((each) => each ?? Number.POSITIVE_INFINITY);
  return { p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99) };
}

/** @param factor how many times slower it may become */
export function slowdownOf(alone: Durations, attacked: Durations, factor: number): Slowdown {
  const [usual, now] = [quantilesOf(alone), quantilesOf(attacked)];
  const isWithin = (before: number, after: number) => after <= Math.max(before * factor, floorMs);
  return {
    alone: usual,
    attacked: now,
    unanswered: attacked.filter((each) => each === undefined).length,
    isBearable: isWithin(usual.p50, now.p50) && isWithin(usual.p95, now.p95),
  };
}
