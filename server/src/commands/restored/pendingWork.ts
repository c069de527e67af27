import { cancelNotification } from '../../actions/notification/cancelNotification';
import type { Database } from '../../database/openDatabase';

const pageRows = 200;

/** What a start would send: it was pending when the backup was taken, and may have been sent since. */
export interface PendingWork {
  /** Notifications whose time has come and is not over. */
  readonly due: number;
  /** Their deliveries that exist and are pending; an audience that is not expanded yet has none. */
  readonly deliveries: number;
  /** Of `due`: those that were scheduled for a moment that has passed since. */
  readonly overdue: number;
  /** Scheduled for later. */
  readonly scheduled: number;
}

const unfinished = "notification n WHERE n.completedAt IS NULL AND n.status IN ('SCHEDULED', 'SENDING')";
const pendingDeliveries =
  '(n.targeted - n.accepted - n.gone - n.rejected - n.expired - n.exhausted - n.cancelled)';
const isDue = "(n.status = 'SENDING' OR n.expandDueAt <= ?)";

export async function pendingWork(database: Database, now: number): Promise<PendingWork> {
  const [row] = await database.sql.rows<Record<keyof PendingWork, number | string | null>>(
    `SELECT SUM(CASE WHEN ${isDue} THEN 1 ELSE 0 END) AS due,
            SUM(CASE WHEN ${isDue} THEN ${pendingDeliveries} ELSE 0 END) AS deliveries,
            SUM(CASE WHEN n.status = 'SCHEDULED' AND n.expandDueAt <= ? THEN 1 ELSE 0 END) AS overdue,
            SUM(CASE WHEN n.status = 'SCHEDULED' AND n.expandDueAt > ? THEN 1 ELSE 0 END) AS scheduled
     FROM ${unfinished} AND n.deadlineAt > ?`,
    [now, now, now, now, now],
  );
  const count = (name: keyof PendingWork) => Number(row?.[name] ?? 0);
  return {
    ...{ due: count('due'), deliveries: count('deliveries') },
    ...{ overdue: count('overdue'), scheduled: count('scheduled') },
  };
}

/**
 * Cancels what is due; what is scheduled for later stays.
 * @returns how many notifications
 */
export async function cancelDue(database: Database, now: number): Promise<number> {
  let cancelled = 0;
  for (let after = 0; ; ) {
    const rows = await database.sql.rows<{ id: number }>(
      `SELECT n.id FROM ${unfinished} AND ${isDue} AND n.id > ? ORDER BY n.id LIMIT ${pageRows}`,
      [now, after],
    );
    const last = rows.at(-1);
    if (!last) return cancelled;
    for (const { id } of rows) await cancelNotification({ database }, id);
    cancelled += rows.length;
    after = last.id;
  }
}
