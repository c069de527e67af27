import { toFanfareError } from './fanfareError';

/**
 * Runs acts on the push subscription of one worker scope one after the other, in this page, in other tabs and in the
 * service worker: two that replace a subscription at once would end each other's. Rejects with FanfareError only.
 */
export async function inTurn<Result>(scope: string, act: () => Promise<Result>): Promise<Result> {
  try {
    // without locks there is no push either, and nothing to cross
    return await (navigator.locks ? navigator.locks.request(`fanfare ${scope}`, act) : act());
  } catch (cause) {
    throw toFanfareError(cause);
  }
}
