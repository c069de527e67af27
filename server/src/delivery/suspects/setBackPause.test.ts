import { pauseAfterDeathMs, setBackAfter } from './setBackPause';

const now = 1_000_000;

test.each([
  [1, 2_000, false],
  [2, 4_000, false],
  [5, 32_000, false],
  [6, 60_000, false],
  [9, 60_000, false],
  [10, 60_000, true],
  [11, 120_000, true],
  [15, 1_920_000, true],
  [16, 3_600_000, true],
  [2_000, 3_600_000, true],
])('after failure %i a dispatch waits %i ms; set aside: %j', (failures, pauseMs, isAside) => {
  expect(setBackAfter(failures, now)).toEqual({ dueAt: now + pauseMs, deadAt: isAside ? now : null });
});

test.each([
  [1, 60_000],
  [2, 120_000],
  [6, 1_920_000],
  [7, 3_600_000],
  [2_000, 3_600_000],
])('a delivery whose worker died %i times waits %i ms', (times, pauseMs) => {
  expect(pauseAfterDeathMs(times)).toBe(pauseMs);
});
