import { asDuration, asShare, fromNow, inFull, inShort } from './words';

describe('the words of the console', () => {
  test.each([
    [0, 0, '–'],
    [0, 5, '0%'],
    [1, 3, '33.3%'],
    [999, 1000, '99.9%'],
    [9999, 10000, '100%'],
    [5, 5, '100%'],
  ])('%d of %d is %s', (part, whole, words) => expect(asShare(part, whole)).toBe(words));

  test.each([
    [30, '30 s'],
    [60, '1 minute'],
    [90, '90 s'],
    [7200, '2 hours'],
    [86400, '1 day'],
    [2419200, '28 days'],
  ])('%d seconds are %s', (seconds, words) => expect(asDuration(seconds)).toBe(words));

  test.each([
    ['2026-01-01T00:00:00Z', 'now'],
    ['2025-12-31T23:59:30Z', '30 seconds ago'],
    ['2025-12-31T23:00:00Z', '1 hour ago'],
    ['2026-01-03T00:00:00Z', 'in 2 days'],
    ['2023-01-01T00:00:00Z', '3 years ago'],
    [null, '–'],
  ])('%s is %s', (at, words) => expect(fromNow(at, Date.UTC(2026, 0, 1))).toBe(words));

  test('numbers', () => {
    expect(inFull(1234567)).toBe('1,234,567');
    expect(inShort(9999)).toBe('9,999');
    expect(inShort(1234567)).toBe('1.2M');
  });
});
