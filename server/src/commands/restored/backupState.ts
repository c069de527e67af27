import type { Database } from '../../database/openDatabase';

/** A key that works again, or still. */
export interface LiveKey {
  readonly name: string;
  readonly application: string;
  readonly kind: string;
  readonly createdAt: number;
  /** Null: never. */
  readonly lastUsedAt: number | null;
}

/** What a restored database says of itself, for an operator to compare with what happened since. */
export interface BackupState {
  /** The newest moment that a row tells of; undefined in an empty database. */
  readonly newestAt: number | undefined;
  readonly keys: readonly LiveKey[];
  readonly browsers: number;
  readonly users: number;
}

/** Of each the newest row, by number or by an index. */
const newestRows = [
  'SELECT createdAt AS at FROM notification ORDER BY id DESC LIMIT 1',
  'SELECT createdAt AS at FROM push_subscription ORDER BY id DESC LIMIT 1',
  'SELECT at FROM audit_entry ORDER BY id DESC LIMIT 1',
  'SELECT MAX(lastUsedAt) AS at FROM api_key',
  'SELECT MAX(updatedAt) AS at FROM push_service_state',
];

export async function backupState({ sql }: Database): Promise<BackupState> {
  const newest = [];
  for (const question of newestRows) newest.push(...(await sql.rows<{ at: number | null }>(question)));
  const moments = newest.flatMap(({ at }) => at ?? []);
  const keys = await sql.rows<LiveKey>(
    `SELECT k.name, a.name AS application, k.kind, k.createdAt, k.lastUsedAt
     FROM api_key k JOIN application a ON a.id = k.applicationId WHERE k.revokedAt IS NULL ORDER BY k.id`,
  );
  const [browsers] = await sql.rows<{ size: number }>(
    'SELECT COUNT(*) AS size FROM push_subscription WHERE retiredAt IS NULL',
  );
  const [users] = await sql.rows<{ size: number }>(
    `SELECT COUNT(*) AS size FROM (SELECT DISTINCT applicationId, userId FROM push_subscription
       WHERE retiredAt IS NULL AND userId IS NOT NULL) users`,
  );
  return {
    newestAt: moments.length > 0 ? Math.max(...moments) : undefined,
    keys,
    browsers: Number(browsers?.size ?? 0),
    users: Number(users?.size ?? 0),
  };
}
