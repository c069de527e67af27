import type { Database } from '../database/openDatabase';
import type { Log } from '../observe/log';

/**
 * Where one process has the database to itself, what is held and what waits for a retry moves with the clock when that is
 * set: a pause lasts as long as it would have. What is scheduled for a time of day stays where it is.
 * @returns a function that ends this
 */
export function moveWithClock(database: Database, log: Log): () => void {
  return database.clock.onStep(({ byMs }) => {
    // after a suspend the time has passed: what was to wait for it has waited
    if (byMs === 0) return;
    log.warn({ seconds: byMs / 1_000 }, 'the clock of this machine was set: leases and retries move with it');
    const before = database.now() - byMs;
    move(database, byMs, before).catch((error: unknown) =>
      log.error({ err: error }, 'leases and retries could not be moved with the clock'),
    );
  });
}

/** @param before the time by the old clock: what began before it is not scheduled any more */
async function move(database: Database, byMs: number, before: number): Promise<void> {
  await database.sqlTransaction(async (sql) => {
    sql.defer(
      {
        text: 'UPDATE dispatch SET leaseUntil = leaseUntil + ? WHERE leaseUntil IS NOT NULL',
        values: [byMs],
      },
      {
        text: `UPDATE dispatch SET dueAt = dueAt + ? WHERE notificationId IN
          (SELECT id FROM notification WHERE COALESCE(sendAt, createdAt) <= ?)`,
        values: [byMs, before],
      },
      {
        text: 'UPDATE notification SET expandLeaseUntil = expandLeaseUntil + ? WHERE expandLeaseUntil IS NOT NULL',
        values: [byMs],
      },
    );
  });
}
