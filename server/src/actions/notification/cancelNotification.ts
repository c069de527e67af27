import { completeIfSettled } from '../../database/completeIfSettled';
import { countOutcomes } from '../../database/counts/countOutcomes';
import { Notification } from '../../database/entities/notification';
import type { Database } from '../../database/openDatabase';
import { idList, type TransactionSql } from '../../database/sql';
import { deliveryStatusCode } from '../../model/deliveryStatus';
import type { Lane } from '../../model/lane';

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
  const now = (parts.now ?? parts.database.now)();
  await parts.database.sqlTransaction(async (sql) => {
    const { affected } = await sql.run(
      `UPDATE notification SET status = 'CANCELLED', expandDueAt = NULL, expandLeaseUntil = NULL
       WHERE id = ? AND status IN ('SCHEDULED', 'SENDING')`,
      [notificationId],
    );
    if (affected === 0) return;
    await settleWaiting(sql, parts.database, notificationId, now);
    const hasten = 'UPDATE dispatch SET dueAt = ? WHERE notificationId = ? AND dueAt > ?';
    sql.defer({ text: hasten, values: [now, notificationId, now] }, completeIfSettled(notificationId, now));
  });
  return parts.database.entities.findOneByOrFail(Notification, { id: notificationId });
}

async function settleWaiting(
  sql: TransactionSql,
  { kind, skipLocked }: Database,
  notificationId: number,
  now: number,
): Promise<void> {
  const waiting = await sql.rows<{ id: number; lane: Lane; first: number; last: number }>(
    `SELECT id, lane, firstSubscriptionId AS first, lastSubscriptionId AS last
     FROM dispatch WHERE notificationId = ? AND leaseUntil IS NULL ORDER BY id LIMIT ${settledAtOnce} ${skipLocked}`,
    [notificationId],
  );
  const [some] = waiting;
  if (!some) return;
  const ids = idList(waiting.map((row) => row.id));
  // without the range, everybody whom the notification is for would be gone through
  const pending = `notificationId = ? AND subscriptionId BETWEEN ? AND ? AND status = 0 AND dispatchId IN (${ids})`;
  const values = [
    notificationId,
    Math.min(...waiting.map((row) => row.first)),
    Math.max(...waiting.map((row) => row.last)),
  ];
  const services = await sql.rows<{ pushService: string; deliveries: number }>(
    `SELECT pushService, COUNT(*) AS deliveries FROM delivery WHERE ${pending} GROUP BY pushService`,
    values,
  );
  const outcomes = services.map(({ pushService, deliveries }) => ({
    ...{ pushService, status: 'CANCELLED' as const, reason: 'cancelled', deliveries: Number(deliveries) },
  }));
  const settled = { notificationId, lane: some.lane, spread: notificationId, at: now, outcomes };
  sql.defer(...countOutcomes(kind, settled));
  const { affected } = await sql.run(
    `UPDATE delivery SET status = ?, reason = 'cancelled' WHERE ${pending}`,
    [deliveryStatusCode('CANCELLED'), ...values],
  );
  sql.defer(
    {
      text: 'UPDATE notification SET cancelled = cancelled + ? WHERE id = ?',
      values: [affected, notificationId],
    },
    { text: `DELETE FROM dispatch WHERE id IN (${ids})` },
  );
}
