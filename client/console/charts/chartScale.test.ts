import { chartScale, labelEvery } from './chartScale';

test.each([
  [0, 1, 2],
  [1, 1, 2],
  [3, 3, 4],
  [10, 10, 5],
  [97, 100, 5],
  [1234, 1500, 4],
])('a scale up to %d ends at %d', (most, top, ticks) => {
  const scale = chartScale(most);
  expect(scale.top).toBeGreaterThanOrEqual(most);
  expect([scale.top, scale.ticks.length]).toEqual([top, ticks]);
});

test.each([
  [14, 1000, 50, 1],
  [90, 450, 50, 10],
  [24, 0, 50, 1200],
])('%d labels in %d pixels of %d: every %d', (count, width, label, every) => {
  expect(labelEvery(count, width, label)).toBe(every);
});
