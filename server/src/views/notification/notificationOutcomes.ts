import type { Database } from '../../database/openDatabase';
import { deliveryStatusOf } from '../../model/deliveryStatus';
import { type CountedOutcome, type OutcomeRow, toOutcomeRow } from '../statistics/deliveryStatistics';

/** Named people are at most some thousand devices: counting those takes milliseconds. */
const fewDeliveries = 20_000;

/**
 * Where a notification's deliveries stand, by push service and reason, the most frequent first. A broadcast's settled
 * deliveries come from counts that grew with them, so the answer takes as long for a million as for ten.
 */
export async function notificationOutcomes(
  database: Database,
  notification: { id: number; targeted: number },
): Promise<OutcomeRow[]> {
  const counted = await database.sql.rows<CountedOutcome>(
    `SELECT pushService, status, reason, deliveries FROM notification_outcome
     WHERE notificationId = ? ORDER BY deliveries DESC`,
    [notification.id],
  );
  if (counted.length > 0 || notification.targeted > fewDeliveries) return counted.map(toOutcomeRow);
  const rows = await database.sql.rows<CountedOutcome>(
    `SELECT pushService, status, COALESCE(reason, '') AS reason, COUNT(*) AS deliveries FROM delivery
     WHERE notificationId = ? GROUP BY pushService, status, reason ORDER BY 4 DESC`,
    [notification.id],
  );
  return rows.filter((row) => deliveryStatusOf(row.status) !== 'PENDING').map(toOutcomeRow);
}
