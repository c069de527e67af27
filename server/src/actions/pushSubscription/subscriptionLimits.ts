import { hash } from 'node:crypto';
import { liveSubscriptions } from '../../database/counts/countSubscriptions';
import type { Database } from '../../database/openDatabase';
import type { Statement, TransactionSql } from '../../database/sql';
import { Refusal } from '../../model/refusal';

/*
 * How many push subscriptions a user and an application may have. Counting and inserting are one step: at READ COMMITTED
 * a transaction does not see what others are about to insert, so those that count the same things lock a row first.
 */

const userSlots = 256;
/** No user has this slot. */
const wholeApplication = -1;
/** So far below its limit an application is not locked: no more transactions than this run at the same time. */
const exactWithin = 1_000;

/**
 * To be asked when the push subscription that is replaced has gone, so that it does not count.
 * @throws Refusal RATE_LIMITED
 */
export async function refuseTooManyOfUser(
  sql: TransactionSql,
  kind: Database['kind'],
  { applicationId, userId, most }: { applicationId: number; userId: string; most: number },
): Promise<void> {
  const slot = hash('sha256', userId, 'buffer').readUInt16BE() % userSlots;
  await lockSlot(sql, kind, applicationId, slot);
  const [row] = await sql.rows<{ size: number }>(
    'SELECT COUNT(*) AS size FROM push_subscription WHERE applicationId = ? AND userId = ? AND retiredAt IS NULL',
    [applicationId, userId],
  );
  const count = Number(row?.size ?? 0);
  if (count < most) return;
  throw new Refusal('RATE_LIMITED', `This user has ${count} push subscriptions already.`, [
    'input',
    'userId',
  ]);
}

/**
 * The same for one more live push subscription of an application.
 * @param most 0: any number
 */
export async function refuseTooManyOfApplication(
  sql: TransactionSql,
  kind: Database['kind'],
  { applicationId, most }: { applicationId: number; most: number },
): Promise<void> {
  if (most === 0) return;
  if ((await liveSubscriptions(sql, applicationId)) < most - exactWithin) return;
  await lockSlot(sql, kind, applicationId, wholeApplication);
  if ((await liveSubscriptions(sql, applicationId)) < most) return;
  throw new Refusal(
    'RATE_LIMITED',
    `The application has reached its limit of ${most} push subscriptions; an administrator can raise it.`,
    ['input', 'subscription'],
  );
}

/** SQLite has one writer. */
async function lockSlot(
  sql: TransactionSql,
  kind: Database['kind'],
  applicationId: number,
  slot: number,
): Promise<void> {
  if (kind === 'mysql') await sql.batch([slotLock(applicationId, slot)]);
}

function slotLock(applicationId: number, slot: number): Statement {
  return {
    text: 'INSERT INTO subscriber_lock (applicationId, slot) VALUES (?, ?) ON DUPLICATE KEY UPDATE slot = VALUES(slot)',
    values: [applicationId, slot],
  };
}
