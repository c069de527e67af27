import { nextTurn } from './nextTurn';

/** Rows that are read in some milliseconds. */
const fewRows = 5_000;
const manyRows = 40_000;
/** Steps over a gap grow no wider than so many of the first: the last of them may end among many rows. */
const widest = 64;

export interface SteppedRange {
  /** Both included. */
  readonly first: number;
  readonly last: number;
  /** Of the first step. */
  readonly width: number;
  /**
   * Finds the first place with a row, from `from` on; undefined when there is none. To be given where gaps may be so
   * wide that no number of steps gets across, as those between row numbers before and after a restore.
   */
  next?(from: number): Promise<number | undefined>;
}

/**
 * Goes through a range of an index in steps, narrow where there is much and wide where there is little: none takes long,
 * and everything else in the process gets its turn in between. Two go at a time, from the beginning and from the middle,
 * as a server has more than one core.
 * @param read reads what lies from `from` up to, not including, `before`; answers how many rows it went through, or
 *   undefined when they were too many: then it is asked again for fewer
 */
export async function inSteps(
  { first, last, ...range }: SteppedRange,
  read: (from: number, before: number) => Promise<number | undefined>,
): Promise<void> {
  const middle = first + Math.ceil((last - first) / 2);
  await Promise.all([
    inLane({ ...range, first, last: middle - 1 }, read),
    inLane({ ...range, first: middle, last }, read),
  ]);
}

async function inLane(
  { first, last, width, next }: SteppedRange,
  read: (from: number, before: number) => Promise<number | undefined>,
): Promise<void> {
  let wide = width;
  for (let from = first; from <= last; ) {
    const before = Math.min(from + wide, last + 1);
    const rows = await read(from, before);
    if (rows === 0 && wide === width * widest && next) from = (await next(before)) ?? last + 1;
    else if (rows !== undefined) from = before;
    else if (wide === 1) throw new Error('There are too many rows at one place of an index.');
    if (rows === undefined || rows > manyRows) wide = Math.max(1, Math.floor(wide / 2));
    else if (rows < fewRows) wide = Math.min(wide * 2, width * widest);
    await nextTurn();
  }
}
