import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import type { DeliveryRow } from './listDeliveries';
import { deliveryColumns } from './listDeliveries';
import type { NotificationView } from './listNotifications';
import { type PushSubscriptionRow, pushSubscriptionColumns } from './pushSubscriptionRows';

/** Somebody with more browsers than this is a test or an attack. */
const maxDevices = 200;

/** Deliveries are found by their notification, so a history looks through the newest of those. */
const searchedNotifications = 1_000;

/** Every push subscription a user has or had, the latest seen first; at most 200. */
export async function listDevices(
  database: Database,
  applicationId: number,
  userId: string,
): Promise<PushSubscriptionRow[]> {
  return database.sql.rows<PushSubscriptionRow>(
    `SELECT ${pushSubscriptionColumns} FROM push_subscription s WHERE s.applicationId = ? AND s.userId = ?
     ORDER BY s.lastSeenAt DESC LIMIT ${maxDevices}`,
    [applicationId, userId],
  );
}

/**
 * What was sent to these push subscriptions, newest first, as far as it is among the last 1,000 notifications that
 * the viewer may see.
 */
export async function deliveryHistory(
  database: Database,
  view: NotificationView,
  subscriptionIds: readonly number[],
  first: number,
): Promise<DeliveryRow[]> {
  if (subscriptionIds.length === 0) return [];
  const { applicationId, apiKeyId } = view;
  const ownOnly = apiKeyId === undefined ? '' : 'AND apiKeyId = ?';
  return database.sql.rows<DeliveryRow>(
    `SELECT ${deliveryColumns}, p.dueAt
     FROM (SELECT id FROM notification WHERE applicationId = ? ${ownOnly} ORDER BY id DESC LIMIT ${searchedNotifications}) n
     JOIN delivery d ON d.notificationId = n.id AND d.subscriptionId IN (${idList(subscriptionIds)})
     LEFT JOIN dispatch p ON p.id = d.dispatchId
     ORDER BY d.notificationId DESC, d.subscriptionId LIMIT ${first}`,
    [applicationId, ...(apiKeyId === undefined ? [] : [apiKeyId])],
  );
}
