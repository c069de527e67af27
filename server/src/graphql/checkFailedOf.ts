import type { Audience } from '../model/audience';
import { findNotification } from '../views/notification/listNotifications';
import { notificationView } from './admission/authorise';
import type { Caller } from './admission/caller';
import type { RequestContext } from './context';
import { type InputPath, refuse } from './fields';

/** Who failed to get a notification is told only to those who may see it. @throws Refusal BAD_USER_INPUT */
export async function checkFailedOf(
  { parts }: RequestContext,
  caller: Caller,
  audience: Audience,
  path: InputPath,
): Promise<void> {
  if (audience.failedOf === undefined) return;
  const row = await findNotification(parts.database, notificationView(caller), audience.failedOf);
  if (!row) refuse([...path, 'failedOf'], 'There is no such notification.');
}
