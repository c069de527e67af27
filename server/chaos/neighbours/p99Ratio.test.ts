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

describe.each([
  { what: 'the same', well: phases(20, steady), ill: phases(20, steady), verdict: 'within' },
  { what: 'a twentieth more', well: phases(20, steady), ill: phases(21, steady), verdict: 'within' },
  { what: 'half as much again', well: phases(20, steady), ill: phases(30, steady), verdict: 'over' },
  { what: 'the same, both in one mood', well: phases(20, moody), ill: phases(20, moody), verdict: 'within' },
  {
    what: 'a fifth more, both in one mood',
    well: phases(20, moody),
    ill: phases(24, moody),
    verdict: 'over',
  },
  {
    what: 'the same, each in its mood',
    well: phases(20, moody),
    ill: phases(20, otherMoods),
    verdict: 'not told',
  },
  {
    what: 'a fifth more, each in its mood',
    well: phases(20, moody),
    ill: phases(24, otherMoods),
    verdict: 'not told',
  },
  { what: 'four times, though moody', well: phases(20, moody), ill: phases(80, otherMoods), verdict: 'over' },
  { what: 'three quarters', well: phases(20, steady), ill: phases(15, steady), verdict: 'within' },
])('$what', ({ well, ill, verdict }) => {
  test(`is ${verdict}`, () => {
    const ratio = p99Ratio(well, ill);
    expect(ratio.value).toBeCloseTo(p99(ill) / p99(well));
    expect(ratio.lower).toBeLessThanOrEqual(ratio.value);
    expect(ratio.upper).toBeGreaterThanOrEqual(ratio.value);
    expect(verdictOn(ratio, 1.1)).toBe(verdict);
  });
});
