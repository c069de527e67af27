import type { Database } from '../../database/openDatabase';
import { type PushSubscriptionRow, pushSubscriptionColumns } from '../pushSubscription/pushSubscriptionRows';

/** Somebody with more browsers than this is a test or an attack. */
const maxDevices = 200;

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
