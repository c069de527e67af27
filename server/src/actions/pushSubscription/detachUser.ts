import type { Database } from '../../database/openDatabase';
import { isProtected } from './protectedTags';
import { tagsOf, toTags, untagged } from './subscriptionRow';

/**
 * Takes a push subscription away from its user, as its browser does with `detachUser`: it stays, with the tags that are
 * not protected. Idempotent.
 * @returns whether it had a user until now
 */
export function detachUser(
  { database, now = database.now }: { database: Database; now?: () => number },
  subscriptionId: number,
): Promise<boolean> {
  return database.sqlTransaction(async (sql) => {
    const [row] = await sql.rows<{ protectedTags: string | null }>(
      `SELECT a.protectedTags FROM push_subscription s JOIN application a ON a.id = s.applicationId
       WHERE s.id = ? AND s.userId IS NOT NULL ${database.kind === 'mysql' ? 'FOR UPDATE' : ''}`,
      [subscriptionId],
    );
    if (!row) return false;
    const [labels] = await sql.batch([tagsOf(subscriptionId)]);
    const protectedTags = JSON.parse(row.protectedTags ?? '[]') as string[];
    const dropped = toTags(labels).filter((tag) => isProtected(tag, protectedTags));
    const at = now();
    // what was sent in this millisecond may have been for the user
    const detached = 'UPDATE push_subscription SET userId = NULL, userSince = ?, userLeftAt = ? WHERE id = ?';
    sql.defer(
      { text: detached, values: [at + 1, at, subscriptionId] },
      ...(dropped.length > 0 ? [untagged(subscriptionId, dropped)] : []),
    );
    return true;
  });
}
