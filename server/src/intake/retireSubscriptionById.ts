import { countJustRetiredRow } from '../database/countSubscriptions';
import type { Database } from '../database/openDatabase';

/**
 * Ends a push subscription because an operator said so; its browser can subscribe anew. Idempotent.
 * @returns whether a live one was found in the application
 */
export async function retireSubscriptionById(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  subscriptionId: number,
): Promise<boolean> {
  const at = (parts.now ?? Date.now)();
  const row = { text: 'id = ? AND applicationId = ?', values: [subscriptionId, applicationId] };
  const retire = {
    text: `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'retired'
      WHERE ${row.text} AND retiredAt IS NULL`,
    values: [at, ...row.values],
  };
  const { database } = parts;
  const moment = { at, spread: subscriptionId };
  const [retired] = await database.sqlTransaction((sql) =>
    sql.conclude([retire, countJustRetiredRow(database.kind, moment, row)]),
  );
  return (retired?.affected ?? 0) > 0;
}
