import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until the condition gives something truthy and returns that; rejects with `what` was waited for
 * after `timeoutMs` milliseconds. It goes by a clock that a test does not stop along with `Date`.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what: string,
  timeoutMs = 15_000,
): Promise<NonNullable<T>> {
  const deadline = process.hrtime.bigint() + BigInt(timeoutMs) * 1_000_000n;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (process.hrtime.bigint() > deadline) throw new Error(`still waiting after ${timeoutMs} ms: ${what}`);
    await delay(20);
  }
}
