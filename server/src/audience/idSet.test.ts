import { addIds, sizeWhere } from './idSet';

const read = (ids: readonly number[], size = ids.length) => ({
  ...{ affected: 0, insertId: 0 },
  rows: [{ size, ids: ids.length > 0 ? ids.join(',') : null }],
});

const setOf = (...ids: number[]) => {
  const set = new Map<number, number>();
  expect(addIds(set, read(ids))).toBe(ids.length);
  return set;
};

test('ids are added to those that are there, in any order, up to the largest', () => {
  const set = setOf(1, 31, 32, 63, 2, Number.MAX_SAFE_INTEGER);
  expect(addIds(set, read([2 ** 40, 3]))).toBe(2);
  expect(sizeWhere([set], [], [])).toBe(8);
  expect(sizeWhere([set], [], [setOf(31, 2 ** 40, 2 ** 41)])).toBe(6);
  expect(addIds(set, read([]))).toBe(0);
});

test('a list that was cut off is no answer', () => {
  expect(addIds(new Map(), read([1, 2], 3))).toBeUndefined();
  expect(addIds(new Map(), read([], 3))).toBeUndefined();
});

test('sets meet as those of a filter do', () => {
  const [even, thirds, few] = [setOf(2, 4, 6, 8, 66), setOf(3, 6, 66), setOf(6, 100)];
  expect(sizeWhere([even, thirds], [], [])).toBe(2);
  expect(sizeWhere([], [even, thirds], [])).toBe(6);
  expect(sizeWhere([even], [thirds, few], [])).toBe(2);
  expect(sizeWhere([], [even, thirds], [few])).toBe(5);
  expect(sizeWhere([even, thirds], [few], [setOf(6)])).toBe(0);
});
