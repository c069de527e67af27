import { countEachRetired } from '../database/countSubscriptions';
import { Notification } from '../database/entities/notification';
import { notificationsNaming } from '../database/notificationsNaming';
import type { Database, Transaction } from '../database/openDatabase';
import { idList } from '../database/sql';

const stepRows = 500;
/** Nobody is called that: a user id has at least one character. */
const nobody = '';

/**
 * Forgets a user of an application: every push subscription with its endpoint, keys and tags, and the user id wherever
 * a notification names it. What remains of deliveries names a number that leads nowhere, and goes with retention.
 * Deliveries under way find no push subscription and settle. Idempotent.
 * @returns how many push subscriptions there were
 */
export async function deletePerson(
  { database, now = Date.now }: { database: Database; now?: () => number },
  applicationId: number,
  userId: string,
): Promise<number> {
  await forgetInAudiences(database, applicationId, userId);
  let deleted = 0;
  for (;;) {
    const count = await deleteSome(database, applicationId, userId, now());
    if (count === 0) return deleted;
    deleted += count;
  }
}

async function deleteSome(
  { kind, sqlTransaction }: Database,
  applicationId: number,
  userId: string,
  now: number,
): Promise<number> {
  return sqlTransaction(async (sql) => {
    const rows = await sql.rows<{ id: number; pushService: string; retiredAt: number | null }>(
      `SELECT id, pushService, retiredAt FROM push_subscription
       WHERE applicationId = ? AND userId = ? LIMIT ${stepRows} ${kind === 'mysql' ? 'FOR UPDATE' : ''}`,
      [applicationId, userId],
    );
    const [first] = rows;
    if (!first) return 0;
    const ids = idList(rows.map((row) => row.id));
    const live = rows.filter((row) => row.retiredAt === null);
    sql.later(
      { text: `DELETE FROM push_subscription WHERE id IN (${ids})` },
      { text: `DELETE FROM subscription_tag WHERE subscriptionId IN (${ids})` },
      ...countEachRetired(kind, { applicationId, at: now, spread: first.id }, live),
    );
    return rows.length;
  });
}

async function forgetInAudiences(database: Database, applicationId: number, userId: string): Promise<void> {
  for await (const some of notificationsNaming(database, applicationId, userId)) {
    for (const id of some) await database.transaction((tx) => forgetIn(tx, id, userId));
  }
}

async function forgetIn(tx: Transaction, id: number, userId: string): Promise<void> {
  const row = await tx.entities.findOne(Notification, {
    select: { id: true, audience: true },
    where: { id },
  });
  if (!row?.audience.userIds?.includes(userId)) return;
  const userIds = row.audience.userIds.map((each) => (each === userId ? nobody : each));
  await tx.entities.update(Notification, id, { audience: { ...row.audience, userIds } });
}
