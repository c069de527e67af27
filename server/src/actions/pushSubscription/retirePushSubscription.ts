import { countJustRetiredRow } from '../../database/counts/countSubscriptions';
import type { Database } from '../../database/openDatabase';
import type { Statement } from '../../database/sql';
import { hashEndpoint } from './subscriptionRow';

interface RetireDeps {
  readonly database: Database;
  readonly now?: () => number;
}

/**
 * Ends a push subscription because its browser said so. Idempotent.
 * @returns whether a live one was found in the application
 */
export function retirePushSubscription(
  parts: RetireDeps,
  applicationId: number,
  endpoint: string,
): Promise<boolean> {
  const endpointHash = hashEndpoint(endpoint);
  const row = { text: 'endpointHash = ? AND applicationId = ?', values: [endpointHash, applicationId] };
  return retire(parts, 'unsubscribed', row, endpointHash.readUInt8());
}

/**
 * Ends a push subscription because an operator said so; its browser can subscribe anew. Idempotent.
 * @returns whether a live one was found in the application
 */
export function retireSubscriptionById(
  parts: RetireDeps,
  applicationId: number,
  subscriptionId: number,
): Promise<boolean> {
  const row = { text: 'id = ? AND applicationId = ?', values: [subscriptionId, applicationId] };
  return retire(parts, 'retired', row, subscriptionId);
}

async function retire(
  { database, now = database.now }: RetireDeps,
  reason: 'unsubscribed' | 'retired',
  row: Required<Statement>,
  spread: number,
): Promise<boolean> {
  const at = now();
  const end = {
    text: `UPDATE push_subscription SET retiredAt = ?, retiredReason = '${reason}' WHERE ${row.text} AND retiredAt IS NULL`,
    values: [at, ...row.values],
  };
  const [retired] = await database.sqlTransaction((sql) =>
    sql.commitWith([end, countJustRetiredRow(database.kind, { at, spread }, row)]),
  );
  return (retired?.affected ?? 0) > 0;
}
