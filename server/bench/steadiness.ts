import { median } from './table';

/** What is looked at every few seconds, from the first to the last. */
export interface Course {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Judgement {
  readonly name: string;
  /** Medians of the third and fourth tenth, and of the last two. */
  readonly early: number;
  readonly late: number;
  /** By least squares over all from the third tenth on. */
  readonly slopePerMinute: number;
  readonly isFlat: boolean;
}

/** A process at work may hold so much more at the end than when it had warmed up. */
const growthAllowed = 1.1;
/** Of a run, in tenths: what warms up comes before. */
const earlyTenths = [2, 4] as const;
const lateTenths = [8, 10] as const;

/**
 * Flat: the median of the last two tenths of a run is at most 1.10 times that of its third and fourth; in ten minutes
 * those are the last two minutes, and minutes two to four.
 */
export function judge(course: Course, everyMs: number): Judgement {
  const { name, values } = course;
  const cut = ([from, to]: readonly [number, number]) =>
    values.slice(Math.floor((values.length * from) / 10), Math.ceil((values.length * to) / 10));
  const [early, late] = [median(cut(earlyTenths)), median(cut(lateTenths))];
  const slopePerMinute = slopeOf(cut([earlyTenths[0], 10])) * (60_000 / everyMs);
  return { name, early, late, slopePerMinute, isFlat: late <= growthAllowed * early };
}

/** The rise from one value to the next of the line that fits best. */
function slopeOf(values: readonly number[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const middle = (values.length - 1) / 2;
  const height = mean(values);
  const spread = values.map((_, index) => (index - middle) ** 2);
  const along = values.map((value, index) => (index - middle) * (value - height));
  return mean(along) / mean(spread);
}
