import fc from 'fast-check';
import { maxAttempts, retryDelay } from './retryDelay';

const now = 1_700_000_000_000;
const far = now + 28 * 86_400_000;
const backoff = { retry: 'backoff' } as const;

describe('the schedule', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [12, 2_048_000],
    [13, 3_600_000],
    [15, 3_600_000],
  ])('after attempt %i at most %i ms, full jitter', (attempt, mostMs) => {
    expect(retryDelay(attempt, backoff, now, far, 1)).toEqual({ dueAt: now + mostMs });
    expect(retryDelay(attempt, backoff, now, far, 0.5)).toEqual({ dueAt: now + mostMs / 2 });
    expect(retryDelay(attempt, backoff, now, far, 0)).toEqual({ dueAt: now });
  });

  test('ends after 16 attempts', () => {
    expect(retryDelay(maxAttempts, backoff, now, far, 0)).toBe('exhausted');
    expect(maxAttempts).toBe(16);
  });
});

describe('a wait the push service asked for', () => {
  test.each([
    ['is a floor', 1, 30_000, 0, 30_000],
    ['is spread by up to 10 %', 1, 30_000, 1, 33_000],
    ['gives way to a longer backoff', 10, 1_000, 1, 512_000],
    ['of nothing changes nothing', 3, 0, 0.5, 2_000],
  ])('%s', (_name, attempt, retryAfterMs, random, expectedMs) => {
    const outcome = { retry: 'backoff', retryAfterMs } as const;
    expect(retryDelay(attempt, outcome, now, far, random)).toEqual({ dueAt: now + expectedMs });
  });
});

test.each([
  ['a due time at the deadline', backoff, now + 1_000, 'expired'],
  ['a due time short of the deadline', backoff, now + 1_001, { dueAt: now + 1_000 }],
  ['TTL 0', { retry: 'freshToken' } as const, now, 'expired'],
  ['a fresh token', { retry: 'freshToken', retryAfterMs: 5_000 } as const, far, { dueAt: now }],
  ['a Topic left out', { retry: 'withoutTopic' } as const, far, { dueAt: now }],
  ['a final outcome', { retry: 'no' } as const, far, 'final'],
])('%s', (_name, outcome, deadlineMs, expected) => {
  expect(retryDelay(1, outcome, now, deadlineMs, 1)).toEqual(expected);
});

test('no due time is in the past, at or beyond the deadline, or before the wait that was asked for', () => {
  const inputs = fc.tuple(fc.integer({ min: 1, max: 15 }), fc.nat(3_600_000), fc.nat(9_000_000));
  fc.assert(
    fc.property(inputs, fc.double({ min: 0, max: 0.999, noNaN: true }), ([attempt, wait, left], random) => {
      const next = retryDelay(attempt, { retry: 'backoff', retryAfterMs: wait }, now, now + left, random);
      if (typeof next === 'string') return next === 'expired' && left <= Math.max(wait * 1.1, 3_600_000);
      return next.dueAt >= now + wait && next.dueAt < now + left;
    }),
  );
});
