import { completeIfSettled } from '../database/completeIfSettled';
import { countOutcomes } from '../database/countOutcomes';
import { Notification } from '../database/entities/notification';
import type { Database, Transaction } from '../database/openDatabase';
import { idList } from '../database/sql';
import { deliveryStatusCode } from '../model/deliveryStatus';

/** Dispatches settled within the cancelling transaction; the rest is settled by the workers, without a POST. */
const settledAtOnce = 20;

/**
 * Stops a notification: what no worker has begun is never sent. A finished notification stays as it is.
 * The caller has checked that the notification is the caller's.
 */
export async function cancelNotification(
  parts: { database: Database; now?: () => number },
  notificationId: number,
): Promise<Notification> {
  const now = (parts.now ?? Date.now)();
  return parts.database.transaction(async (tx) => {
    const { affected } = await tx.sql.run(
      `UPDATE notification SET status = 'CANCELLED', expandDueAt = NULL, expandLeaseUntil = NULL
       WHERE id = ? AND status IN ('SCHEDULED', 'SENDING')`,
      [notificationId],
    );
    if (affected > 0) {
      await settleWaiting(tx, parts.database, notificationId, now);
      await tx.sql.run('UPDATE dispatch SET dueAt = ? WHERE notificationId = ? AND dueAt > ?', [
        now,
        notificationId,
        now,
      ]);
      await completeIfSettled(tx.sql, notificationId, now);
    }
    return tx.entities.findOneByOrFail(Notification, { id: notificationId });
  });
}

async function settleWaiting(
  tx: Transaction,
  { kind, skipLocked }: Database,
  notificationId: number,
  now: number,
): Promise<void> {
  const waiting = await tx.sql.rows<{ id: number }>(
    `SELECT id FROM dispatch WHERE notificationId = ? AND leaseUntil IS NULL ORDER BY id LIMIT ${settledAtOnce} ${skipLocked}`,
    [notificationId],
  );
  if (waiting.length === 0) return;
  const ids = idList(waiting.map((row) => row.id));
  const pending = `notificationId = ? AND status = 0 AND dispatchId IN (${ids})`;
  const services = await tx.sql.rows<{ pushService: string; deliveries: number }>(
    `SELECT pushService, COUNT(*) AS deliveries FROM delivery WHERE ${pending} GROUP BY pushService`,
    [notificationId],
  );
  const outcomes = services.map(({ pushService, deliveries }) => ({
    ...{ pushService, status: 'CANCELLED' as const, reason: 'cancelled', deliveries: Number(deliveries) },
  }));
  await countOutcomes(tx, kind, { notificationId, spread: notificationId, at: now, outcomes });
  const { affected } = await tx.sql.run(
    `UPDATE delivery SET status = ?, reason = 'cancelled' WHERE ${pending}`,
    [deliveryStatusCode('CANCELLED'), notificationId],
  );
  await tx.sql.run('UPDATE notification SET cancelled = cancelled + ? WHERE id = ?', [
    affected,
    notificationId,
  ]);
  await tx.sql.run(`DELETE FROM dispatch WHERE id IN (${ids})`);
}
