import type { Sql } from './sql';

/**
 * Closes a notification once its audience is expanded and every delivery is settled. Called at the end of each
 * transaction that settles deliveries or finishes an expansion, whichever of the two comes last.
 */
export async function completeIfSettled(sql: Sql, notificationId: number, now: number): Promise<void> {
  await sql.run(
    `UPDATE notification
     SET completedAt = ?, status = CASE WHEN status = 'SENDING' THEN 'COMPLETED' ELSE status END
     WHERE id = ? AND completedAt IS NULL AND expandDueAt IS NULL AND status IN ('SENDING', 'CANCELLED')
       AND targeted = accepted + gone + rejected + expired + exhausted + cancelled`,
    [now, notificationId],
  );
}
