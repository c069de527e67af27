import { BoundedList } from './boundedList';

it.each([
  [0, 5, []],
  [3, 2, [0, 1]],
  [3, 3, [0, 1, 2]],
  [3, 5, [2, 3, 4]],
  [3, 100, [97, 98, 99]],
])('of limit %p after %p entries holds %p', (limit, added, expected) => {
  const list = new BoundedList<number>(limit);
  for (let n = 0; n < added; n += 1) list.add(n);
  expect(list.list()).toEqual(expected);
});
