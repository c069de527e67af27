import type { Database } from '../database/openDatabase';
import { hashEndpoint } from './subscriptionRow';

/**
 * Ends a push subscription because its browser said so. Idempotent.
 * @returns whether a live one was found
 */
export async function retirePushSubscription(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  endpoint: string,
): Promise<boolean> {
  const { affected } = await parts.database.write((sql) =>
    sql.run(
      `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'unsubscribed'
       WHERE endpointHash = ? AND applicationId = ? AND retiredAt IS NULL`,
      [(parts.now ?? Date.now)(), hashEndpoint(endpoint), applicationId],
    ),
  );
  return affected > 0;
}
