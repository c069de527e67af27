import { deathsOfSuspect } from '../../database/countDeath';
import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import { Refusal } from '../../model/refusal';

/**
 * Puts a dispatch that was set aside back into circulation, with as many tries as a new one. Its deliveries go on
 * where they stood; those whose time has run out expire.
 * @throws Refusal NOT_FOUND when the application has no such dispatch that is set aside
 */
export async function redriveDispatch(
  parts: { database: Database; now?: () => number },
  applicationId: number,
  dispatchId: number,
): Promise<void> {
  const { affected } = await parts.database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET deadAt = NULL, deadReason = NULL, claims = 0, publishedAt = NULL, dueAt = ?
       WHERE id = ? AND deadAt IS NOT NULL
         AND notificationId IN (SELECT id FROM notification WHERE applicationId = ?)`,
      [(parts.now ?? parts.database.now)(), dispatchId, applicationId],
    ),
  );
  if (affected === 0) throw new Refusal('NOT_FOUND', 'There is no such dispatch that is set aside.', ['id']);
}

/** Dispatches that one statement changes at most. */
const atOnce = 1_000;

/**
 * Tries everything at once that was set aside, and every suspect that waits (delivery/suspects.ts).
 * @returns how many dispatches that is
 */
export async function redriveDispatches(
  { database }: { database: Database },
  applicationId: number,
): Promise<number> {
  const at = database.now();
  const found = await database.sql.rows<{ id: number }>(
    `SELECT d.id FROM dispatch d JOIN notification n ON n.id = d.notificationId
     WHERE n.applicationId = ? AND (d.deadAt IS NOT NULL OR d.deaths >= ${deathsOfSuspect} AND d.publishedAt IS NULL AND d.dueAt > ?)`,
    [applicationId, at],
  );
  const ids = found.map(({ id }) => id);
  let redriven = 0;
  for (let from = 0; from < ids.length; from += atOnce) {
    const { affected } = await database.write((sql) =>
      sql.run(
        `UPDATE dispatch SET deadAt = NULL, deadReason = NULL, claims = 0, publishedAt = NULL, dueAt = ?
         WHERE id IN (${idList(ids.slice(from, from + atOnce))}) AND COALESCE(leaseUntil, 0) = 0`,
        [at],
      ),
    );
    redriven += affected;
  }
  return redriven;
}
