import { byVapidKey } from '../database/indexHints';
import type { Database } from '../database/openDatabase';

/** An application server key and how far its browsers have moved on. */
export interface VapidKeyRow {
  readonly id: number;
  readonly publicKey: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  /** Live push subscriptions that were made with it. */
  readonly subscriptions: number;
}

/** The keys of an application, youngest first. */
export async function listVapidKeys(database: Database, applicationId: number): Promise<VapidKeyRow[]> {
  const rows = await database.sql.rows<VapidKeyRow>(
    `SELECT k.id, k.publicKey, k.createdAt, k.retiredAt,
            (SELECT COUNT(*) FROM push_subscription s ${byVapidKey}
             WHERE s.vapidKeyId = k.id AND s.retiredAt IS NULL) AS subscriptions
     FROM vapid_key k WHERE k.applicationId = ? ORDER BY k.id DESC`,
    [applicationId],
  );
  return rows.map((row) => ({ ...row, subscriptions: Number(row.subscriptions) }));
}
