import fc from 'fast-check';
import { inSteps, type SteppedRange } from './inSteps';

/** What each accepted read covered, in order. */
async function rangesOf(
  range: SteppedRange,
  rowsIn: (from: number, before: number) => number | undefined,
): Promise<[number, number][]> {
  const ranges: [number, number][] = [];
  await inSteps(range, async (from, before) => {
    const rows = rowsIn(from, before);
    if (rows !== undefined) ranges.push([from, before]);
    return rows;
  });
  return ranges.sort(([a], [b]) => a - b);
}

test('every place is read once, however many rows are where', async () => {
  const ranges = fc.record({
    ...{ first: fc.nat(1_000), length: fc.nat(3_000), width: fc.integer({ min: 1, max: 500 }) },
  });
  const rows = fc.constantFrom(0, 10, 6_000, 50_000, undefined);
  const answers = fc.array(rows, { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(ranges, answers, async ({ first, length, width }, given) => {
      let asked = 0;
      const covered = await rangesOf({ first, last: first + length - 1, width }, (from, before) => {
        asked += 1;
        return before - from === 1 ? 1 : given[asked % given.length];
      });
      let next = first;
      for (const [from, before] of covered) {
        expect(from).toBe(next);
        expect(before).toBeGreaterThan(from);
        next = before;
      }
      expect(next).toBe(first + length);
    }),
  );
});

test('steps grow where there is little and shrink where there is much', async () => {
  const widths = async (rows: number) => {
    const ranges = await rangesOf({ first: 1, last: 40_000, width: 100 }, () => rows);
    return ranges.map(([from, before]) => before - from);
  };
  expect(Math.max(...(await widths(0)))).toBe(6_400);
  expect((await widths(0)).length).toBeLessThan(30);
  expect(Math.max(...(await widths(10_000)))).toBe(100);
  expect((await widths(100_000)).at(-1)).toBe(1);
});

test('what is too much even at one place is a fault', async () => {
  await expect(rangesOf({ first: 5, last: 9, width: 4 }, () => undefined)).rejects.toThrow('too many rows');
});

test('a gap that no number of steps crosses is skipped', async () => {
  const places = [3, 7, 2 ** 49, 2 ** 50, 2 ** 50 + 1];
  const inRange = (from: number, before: number) => places.filter((place) => place >= from && place < before);
  const next = async (from: number) => places.find((place) => place >= from);
  const range = { first: 3, last: 2 ** 50 + 1, width: 10, next };
  const ranges = await rangesOf(range, (from, before) => inRange(from, before).length);
  expect(ranges.flatMap(([from, before]) => inRange(from, before))).toEqual(places);
  expect(ranges.length).toBeLessThan(40);
});
