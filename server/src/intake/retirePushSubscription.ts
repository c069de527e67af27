import { countJustRetiredRow } from '../database/countSubscriptions';
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
  const at = (parts.now ?? Date.now)();
  const endpointHash = hashEndpoint(endpoint);
  const row = { text: 'endpointHash = ? AND applicationId = ?', values: [endpointHash, applicationId] };
  const retire = {
    text: `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'unsubscribed'
      WHERE ${row.text} AND retiredAt IS NULL`,
    values: [at, ...row.values],
  };
  const { database } = parts;
  const moment = { at, spread: endpointHash.readUInt8() };
  const [retired] = await database.sqlTransaction((sql) =>
    sql.conclude([retire, countJustRetiredRow(database.kind, moment, row)]),
  );
  return (retired?.affected ?? 0) > 0;
}
