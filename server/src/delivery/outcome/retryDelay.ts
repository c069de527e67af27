import type { Outcome } from '../../model/outcome';

const baseDelayMs = 1_000;
const maxDelayMs = 3_600_000;

/** After so many attempts a delivery that still found no answer is exhausted. */
export const maxAttempts = 16;

/** A push service's own wish is a floor, spread by up to this share so that deliveries do not return as one. */
const floorJitter = 0.1;

/**
 * When the next attempt is due (`dueAt`, epoch milliseconds), or why there is none: `final` = the outcome asks
 * for no retry and ends the delivery itself; `expired` = the next try would come at or after the deadline;
 * `exhausted` = 16 attempts were made.
 */
export type NextAttempt = { readonly dueAt: number } | 'final' | 'expired' | 'exhausted';

/**
 * When to try a delivery again after its `attempt`-th attempt (1 = the first).
 *
 * Exponential backoff with full jitter: anywhere between nothing and
 *
 * | after attempt | 1   | 2   | 3   | 4   | 5    | 6    | 7    | 8     | 9     | 10    | 11     | 12     | 13-15 | 16        |
 * |---------------|-----|-----|-----|-----|------|------|------|-------|-------|-------|--------|--------|-------|-----------|
 * | at most       | 1 s | 2 s | 4 s | 8 s | 16 s | 32 s | 64 s | 2 min | 4 min | 9 min | 17 min | 34 min | 1 h   | exhausted |
 *
 * so about two hours in all, four at the most. `retryAfterMs` is honoured as a floor, plus up to 10 %.
 * A fresh token or a Topic left out is tried at once.
 *
 * @param deadlineMs epoch milliseconds at which the notification's TTL or `expiresAt` ends
 * @param random in [0, 1)
 */
export function retryDelay(
  attempt: number,
  outcome: Pick<Outcome, 'retry' | 'retryAfterMs'>,
  nowMs: number,
  deadlineMs: number,
  random: number = Math.random(),
): NextAttempt {
  if (outcome.retry === 'no') return 'final';
  if (attempt >= maxAttempts) return 'exhausted';
  const dueAt = nowMs + (outcome.retry === 'backoff' ? backoffMs(attempt, outcome.retryAfterMs, random) : 0);
  return dueAt >= deadlineMs ? 'expired' : { dueAt };
}

function backoffMs(attempt: number, retryAfterMs: number | undefined, random: number): number {
  const jittered = Math.round(random * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)));
  if (retryAfterMs === undefined) return jittered;
  return Math.max(jittered, Math.round(retryAfterMs * (1 + floorJitter * random)));
}
