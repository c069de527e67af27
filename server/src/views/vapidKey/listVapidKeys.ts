import { byVapidKey } from '../../database/indexHints';
import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';

/** An application server key. */
export interface VapidKeyRow {
  readonly id: number;
  readonly publicKey: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
}

/** The keys of an application, youngest first. */
export async function listVapidKeys(database: Database, applicationId: number): Promise<VapidKeyRow[]> {
  return database.sql.rows<VapidKeyRow>(
    'SELECT id, publicKey, createdAt, retiredAt FROM vapid_key WHERE applicationId = ? ORDER BY id DESC',
    [applicationId],
  );
}

/** How many live push subscriptions were made with each of these keys. */
export async function countByVapidKey(
  database: Database,
  vapidKeyIds: readonly number[],
): Promise<Map<number, number>> {
  if (vapidKeyIds.length === 0) return new Map();
  const rows = await database.sql.rows<{ id: number; subscriptions: number }>(
    `SELECT k.id, (SELECT COUNT(*) FROM push_subscription s ${byVapidKey}
                   WHERE s.vapidKeyId = k.id AND s.retiredAt IS NULL) AS subscriptions
     FROM vapid_key k WHERE k.id IN (${idList(vapidKeyIds)})`,
  );
  return new Map(rows.map(({ id, subscriptions }) => [id, Number(subscriptions)]));
}
