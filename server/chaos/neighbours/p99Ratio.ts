import { quantile } from '../../bench/table';

/** What was measured in each phase of one kind, in milliseconds. */
type Phases = ReadonlyArray<readonly number[]>;

export interface Ratio {
  readonly value: number;
  /** With the upper end: where the ratio lies in 95 of 100 cases, as far as these phases can tell. */
  readonly lower: number;
  readonly upper: number;
}

const resamples = 1_000;

/**
 * How many times the p99 of all ill phases together is that of all well ones, each of which was measured right before
 * the ill one of its number. The interval is a bootstrap over these pairs: what comes within seconds of each other
 * shares the machine's mood, so messages are not drawn alone, and a slow moment is drawn for both or for neither.
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

/** The p99 of what all phases measured. */
export function p99(phases: Phases): number {
  return quantile(phases.flat(), 0.99);
}

function pick(phases: Phases, numbers: readonly number[]): Phases {
  return numbers.map((number) => phases[number] ?? []);
}

/**
 * `over`: more than the limit, and not by chance alone. `within`: the limit is above all that the phases leave
 * possible. Otherwise more of them are needed to tell.
 */
export function verdictOn(ratio: Ratio, limit: number): 'over' | 'within' | 'not told' {
  if (ratio.value > limit && ratio.lower > 1) return 'over';
  return ratio.upper <= limit ? 'within' : 'not told';
}
