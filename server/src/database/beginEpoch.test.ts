import { firstAfter } from './beginEpoch';

const now = Date.UTC(2026, 10, 30);

test.each([
  ['nothing was ever numbered', 0],
  ['a young installation', 4_711],
  ['a billion rows a day for ten years', 3_650_000_000_000],
  ['an epoch that began a second ago, with a thousand rows since', (now - 1_000) * 1_024 + 1_000],
])('%s: the clock decides, so that an epoch that a restore has lost is below, too', (_what, last) => {
  expect(firstAfter(last, now)).toBe(now * 1_024);
});

test('a clock that is behind the numbers: they go on well above, and not twice at one place', () => {
  const last = (now + 3_600_000) * 1_024;
  const firsts = Array.from({ length: 20 }, () => firstAfter(last, now));
  for (const first of firsts) {
    expect(first).toBeGreaterThanOrEqual(last + 2 ** 32);
    expect(Number.isSafeInteger(first)).toBe(true);
  }
  expect(new Set(firsts).size).toBe(20);
});

test('numbers stay exact for two centuries', () => {
  expect(Number.isSafeInteger(firstAfter(0, Date.UTC(2226, 0, 1)))).toBe(true);
});
