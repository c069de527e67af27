import { toBuffer } from '../../database/entities/columns';
import type { Database } from '../../database/openDatabase';
import type { Revocation, RevokedKind } from './revocation';

const pageRows = 1_000;

/** Where each kind of row is found that was taken back since a moment (`?`). */
const takenBack: Readonly<Record<RevokedKind, string>> = {
  'api-key': 'api_key WHERE revokedAt >= ?',
  application: 'application WHERE stoppedAt >= ?',
  'vapid-key': 'vapid_key WHERE retiredAt >= ?',
  // one that is still being settled was cancelled a moment ago
  notification: "notification WHERE status = 'CANCELLED' AND COALESCE(completedAt, 9e15) >= ?",
  'push-subscription':
    "push_subscription WHERE retiredAt >= ? AND retiredReason IN ('unsubscribed', 'retired')",
  'user-left': 'push_subscription WHERE userLeftAt >= ? AND retiredAt IS NULL',
};

/** What was taken back since a moment, read page by page beside running processes. */
export async function* listRevocations(database: Database, since: number): AsyncGenerator<Revocation> {
  for (const [kind, rows] of Object.entries(takenBack) as [RevokedKind, string][]) {
    for (let after = 0; ; ) {
      const page = await database.sql.rows<{ id: number; at: number }>(
        `SELECT id, ${kind === 'user-left' ? 'userLeftAt' : '0'} AS at FROM ${rows} AND id > ? ORDER BY id LIMIT ${pageRows}`,
        [since, after],
      );
      yield* page.map(({ id, at }) => ({ kind, rowId: id, ...(kind === 'user-left' ? { at } : {}) }));
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  yield* await erasedPeople(database, since);
}

async function erasedPeople(database: Database, since: number): Promise<Revocation[]> {
  const rows = await database.sql.rows<{
    applicationId: number;
    userHash: ArrayBuffer | Buffer;
    erasedAt: number;
  }>('SELECT applicationId, userHash, erasedAt FROM erased_person WHERE erasedAt >= ?', [since]);
  return rows.map(({ applicationId, userHash, erasedAt }) => ({
    kind: 'person',
    applicationId,
    user: { hash: toBuffer(userHash), erasedAt },
  }));
}
