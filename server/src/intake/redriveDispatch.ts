import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';

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
