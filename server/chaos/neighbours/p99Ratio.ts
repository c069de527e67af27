import { quantile } from '../../bench/table';

/** What was measured in each phase of one kind, in milliseconds. */
type Phases = ReadonlyArray<readonly number[]>;

export interface Ratio {
  readonly value: number;
  /** The ends of the 95 % interval. */
  readonly lower: number;
  readonly upper: number;
}

export type Verdict = 'over' | 'within' | 'not told';

const resamples = 1_000;
/** A bootstrap over fewer is much too narrow, and with six still a little. */
export const fewestPairs = 6;

/**
 * How many times the p99 of all ill phases together is that of all well ones, each of which was measured next to
 * the ill one of its number. The interval is a bootstrap over these pairs: what comes within seconds of each other
 * shares the state of the host, so messages are not drawn alone, and a slow moment is drawn for both or for neither.
 */
export function p99Ratio(well: Phases, ill: Phases): Ratio {
  const ratios = Array.from({ length: resamples }, () => {
    const drawn = well.map(() => Math.floor(Math.random() * well.length));
    return p99(pick(ill, drawn)) / p99(pick(well, drawn));
  });
  return {
    value: p99(ill) / p99(well),
    lower: quantile(ratios, 0.025),
    upper: quantile(ratios, 0.975),
  };
}

/** The p99 of what all phases measured, in milliseconds; not a number when there is nothing. */
export function p99(phases: Phases): number {
  return quantile(phases.flat(), 0.99);
}

function pick(phases: Phases, numbers: readonly number[]): Phases {
  return numbers.map((number) => phases[number] ?? []);
}

/** `over`, `within`: the whole interval is above the limit, or at or below it. Otherwise these pairs do not tell. */
export function verdictOn({ lower, upper }: Ratio, limit: number): Verdict {
  if (lower > limit) return 'over';
  return upper <= limit ? 'within' : 'not told';
}
