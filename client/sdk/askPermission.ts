import { FanfareError } from './fanfareError';
import { readStateNow } from './fanfareState';

/**
 * Shows the browser's prompt unless the answer is known. To be called first in a click handler, before anything is
 * awaited: Safari and Firefox ask only inside a user gesture. Throws FanfareError when the answer is not yes.
 */
export async function askPermission(): Promise<void> {
  const state = readStateNow();
  if (state === 'unsupported') throw new FanfareError('UNSUPPORTED', 'This browser has no Web Push');
  if (state === 'needs-install') {
    throw new FanfareError('NEEDS_INSTALL', 'On iOS the page must first be added to the Home Screen');
  }
  const permission = await Notification.requestPermission();
  if (permission === 'denied') throw new FanfareError('PERMISSION_DENIED', 'Notifications are blocked here');
  if (permission === 'default') throw new FanfareError('PERMISSION_DISMISSED', 'The prompt was closed');
}
