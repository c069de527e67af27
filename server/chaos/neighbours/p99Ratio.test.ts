import { p99, p99Ratio, verdictOn } from './p99Ratio';

/** Phases of 200 messages, one in ten of which comes `slowMs` late; `moods` makes a phase as a whole slower. */
function phases(slowMs: number, moods: readonly number[]): number[][] {
  return moods.map((mood) =>
    Array.from({ length: 200 }, (_, n) => mood * (n % 10 === 0 ? slowMs + n / 20 : 5)),
  );
}

const steady = new Array<number>(12).fill(1);
const moody = [0.5, 2, 0.6, 1.8, 0.7, 1.5, 0.8, 1.4, 0.9, 1.2, 1, 1.1];
const otherMoods = [...moody].reverse();

test('the p99 is of all phases together, so that one bad phase counts with all its messages', () => {
  expect(p99(phases(20, [1, 1]))).toBeCloseTo(28.5);
  expect(p99(phases(20, [1, 3]))).toBeCloseTo(3 * 27.5);
});

test.each([
  { what: 'the same', well: phases(20, steady), ill: phases(20, steady), value: 1, verdict: 'within' },
  { what: '1 ms more', well: phases(20, steady), ill: phases(21, steady), value: 1.0351, verdict: 'within' },
  { what: '10 ms more', well: phases(20, steady), ill: phases(30, steady), value: 1.3509, verdict: 'over' },
  { what: '5 ms less', well: phases(20, steady), ill: phases(15, steady), value: 0.8246, verdict: 'within' },
  {
    what: 'the same in one mood',
    well: phases(20, moody),
    ill: phases(20, moody),
    value: 1,
    verdict: 'within',
  },
  {
    what: '10 ms more in one mood',
    well: phases(20, moody),
    ill: phases(30, moody),
    value: 1.42,
    verdict: 'over',
  },
  {
    what: 'the same in other moods',
    well: phases(20, moody),
    ill: phases(20, otherMoods),
    value: 1,
    verdict: 'not told',
  },
  {
    what: '10 ms more in other moods',
    well: phases(20, moody),
    ill: phases(30, otherMoods),
    value: 1.42,
    verdict: 'not told',
  },
  {
    what: '80 ms more in other moods',
    well: phases(20, moody),
    ill: phases(100, otherMoods),
    value: 4.3,
    verdict: 'over',
  },
])('$what: $value times, $verdict', ({ well, ill, value, verdict }) => {
  const ratio = p99Ratio(well, ill);
  expect(ratio.value).toBeCloseTo(value, 3);
  expect(verdictOn(ratio, 1.1)).toBe(verdict);
});

test('a pair that is far off alone does not widen the interval: hardly a draw holds it often enough to matter', () => {
  // one draw in 280 holds the pair that is far off five times, and then its messages are the slowest hundredth
  const usual = phases(20, new Array<number>(40).fill(1));
  const far = [...usual.slice(1), ...phases(200, [1])];
  expect(p99Ratio(usual, far).upper).toBeLessThan(1.1);
  expect(p99Ratio(far, usual).lower).toBeGreaterThan(0.9);
});

test.each([
  [{ value: 1.2, lower: 1.11, upper: 1.3 }, 'over'],
  [{ value: 1.2, lower: 1.1, upper: 1.3 }, 'not told'],
  [{ value: 1.0, lower: 0.9, upper: 1.11 }, 'not told'],
  [{ value: 1.0, lower: 0.9, upper: 1.1 }, 'within'],
])('%j is %s', (ratio, verdict) => {
  expect(verdictOn(ratio, 1.1)).toBe(verdict);
});
