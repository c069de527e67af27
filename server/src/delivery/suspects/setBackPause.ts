import type { SetBack } from '../claimDispatch';

/** After so many failures a dispatch is set aside, with its reason, and comes back by itself more slowly. */
export const mostFailures = 10;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;
const firstAsideMs = 60_000;
const longestAsideMs = 3_600_000;

/** @param failures of this dispatch so far, this one included */
export function setBackAfter(failures: number, now: number): Pick<SetBack, 'dueAt' | 'deadAt'> {
  if (failures < mostFailures) {
    return { dueAt: now + doubled(firstPauseMs, failures - 1, longestPauseMs), deadAt: null };
  }
  return { dueAt: now + doubled(firstAsideMs, failures - mostFailures, longestAsideMs), deadAt: now };
}

/** How long a delivery waits after its worker died with nothing else under way. @param times how often that happened */
export function pauseAfterDeathMs(times: number): number {
  return doubled(firstAsideMs, times - 1, longestAsideMs);
}

function doubled(firstMs: number, times: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, times));
}
