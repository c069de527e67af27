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
  const { affected } = await parts.database.write((sql) =>
    sql.run(
      `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'retired'
       WHERE id = ? AND applicationId = ? AND retiredAt IS NULL`,
      [(parts.now ?? Date.now)(), subscriptionId, applicationId],
    ),
  );
  return affected > 0;
}
