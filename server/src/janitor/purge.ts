import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { dayMs, hourMs } from '../model/timeSpans';
import { foldSubscriptionDays } from './foldSubscriptionDays';
import { foldHours, foldSlots, purgeDays } from './tidyOutcomes';

/** Longer than requests are counted together: the longest window is an hour. */
const rateWindowMs = 2 * hourMs;
/** Few enough that nobody waits long for the locks of a step. */
const stepRows = 1_000;
const stepNotifications = 50;

export interface PurgeDeps {
  readonly database: Database;
  /** 0: what is finished stays. */
  readonly retentionDays: number;
  /** How long counts by the day are kept; 0: for ever. */
  readonly statisticsDays: number;
  readonly now?: () => number;
}

/** Rows that a round of the janitor deleted. */
export interface Purged {
  readonly notifications: number;
  readonly deliveries: number;
  readonly pushSubscriptions: number;
  readonly rateWindows: number;
  /** Counts: of hours that became a day or one row, and of old days. */
  readonly counts: number;
}

/**
 * Deletes what is past its time, in steps of at most 1,000 rows, each a transaction of its own: finished notifications
 * with their deliveries and attempts, retired push subscriptions with their tags, hashes of those who were forgotten, and
 * old counts of requests and outcomes.
 * @param mayGoOn asked before each step
 */
export async function purge(parts: PurgeDeps, mayGoOn: () => boolean = () => true): Promise<Purged> {
  const now = (parts.now ?? parts.database.now)();
  const repeat: Repeat = async (step) => {
    while (mayGoOn() && (await step()));
  };
  const rateWindows = await purgeRateWindows(parts.database, repeat, now - rateWindowMs);
  const counts = await tidyCounts(parts, repeat, now);
  const finished = { notifications: 0, deliveries: 0, pushSubscriptions: 0 };
  if (parts.retentionDays > 0) {
    await purgeFinished(parts.database, repeat, now - parts.retentionDays * dayMs, finished);
  }
  return { ...finished, rateWindows, counts };
}

/** Takes a step after the other as long as there is time and each says that there is more to do. */
type Repeat = (step: () => Promise<boolean>) => Promise<void>;

async function purgeRateWindows(database: Database, repeat: Repeat, before: number): Promise<number> {
  let purged = 0;
  await repeat(async () => {
    const rows = await database.sql.rows<{ bucket: string }>(
      `SELECT bucket FROM rate_window WHERE startedAt < ? LIMIT ${stepRows}`,
      [before],
    );
    for (const { bucket } of rows) {
      await database.write((sql) =>
        sql.run('DELETE FROM rate_window WHERE bucket = ? AND startedAt < ?', [bucket, before]),
      );
    }
    purged += rows.length;
    return rows.length === stepRows;
  });
  return purged;
}

async function tidyCounts(
  { database, statisticsDays }: PurgeDeps,
  repeat: Repeat,
  now: number,
): Promise<number> {
  let tidied = 0;
  const tidy = (step: () => Promise<number>) =>
    repeat(async () => {
      const count = await step();
      tidied += count;
      return count > 0;
    });
  await tidy(() => foldHours(database, now));
  await tidy(() => foldSlots(database, now));
  if (statisticsDays > 0) {
    await tidy(() => purgeDays(database, now, statisticsDays));
    await tidy(() => foldSubscriptionDays(database, now, statisticsDays));
  }
  return tidied;
}

/** @param purged grows by what went */
async function purgeFinished(
  database: Database,
  repeat: Repeat,
  before: number,
  purged: { notifications: number; deliveries: number; pushSubscriptions: number },
): Promise<void> {
  await repeat(async () => {
    const step = await purgeNotifications(database, before);
    purged.notifications += step.notifications;
    purged.deliveries += step.deliveries;
    return step.notifications + step.deliveries > 0;
  });
  await repeat(async () => {
    const count = await purgePushSubscriptions(database, before);
    purged.pushSubscriptions += count;
    return count === stepRows;
  });
  await repeat(async () => (await purgeErasures(database, before)) >= stepRows);
}

/** First the rows below, last the notification, so that a step that was cut off is found again. */
async function purgeNotifications(
  database: Database,
  before: number,
): Promise<{ notifications: number; deliveries: number }> {
  const finished = await database.sql.rows<{ id: number }>(
    `SELECT id FROM notification WHERE completedAt < ? ORDER BY completedAt LIMIT ${stepNotifications}`,
    [before],
  );
  if (finished.length === 0) return { notifications: 0, deliveries: 0 };
  const ids = finished.map((row) => row.id);
  const deliveries = await deleteBelow(database, ids);
  if (deliveries > 0) return { notifications: 0, deliveries };
  const notifications = await database.transaction(async ({ sql }) => {
    await sql.run(`DELETE FROM notification_outcome WHERE notificationId IN (${idList(ids)})`);
    const { affected } = await sql.run(
      `DELETE FROM notification WHERE id IN (${idList(ids)}) AND completedAt < ?`,
      [before],
    );
    return affected;
  });
  return { notifications, deliveries: 0 };
}

/** @returns 0 once nothing is left below these notifications */
async function deleteBelow(database: Database, ids: number[]): Promise<number> {
  const rows = await database.sql.rows<{ notificationId: number; subscriptionId: number }>(
    `SELECT notificationId, subscriptionId FROM delivery WHERE notificationId IN (${idList(ids)})
     ORDER BY notificationId, subscriptionId LIMIT ${stepRows}`,
  );
  const byNotification = new Map<number, number[]>();
  for (const { notificationId, subscriptionId } of rows) {
    byNotification.set(notificationId, [...(byNotification.get(notificationId) ?? []), subscriptionId]);
  }
  await database.transaction(async ({ sql }) => {
    for (const [notificationId, subscriptionIds] of byNotification) {
      const which = `notificationId = ${idList([notificationId])} AND subscriptionId IN (${idList(subscriptionIds)})`;
      await sql.run(`DELETE FROM attempt WHERE ${which}`);
      await sql.run(`DELETE FROM delivery WHERE ${which}`);
    }
  });
  return rows.length;
}

async function purgePushSubscriptions(database: Database, before: number): Promise<number> {
  const retired = await database.sql.rows<{ id: number }>(
    `SELECT id FROM push_subscription WHERE retiredAt < ? LIMIT ${stepRows}`,
    [before],
  );
  if (retired.length === 0) return 0;
  const ids = idList(retired.map((row) => row.id));
  await database.transaction(async ({ sql }) => {
    // a browser that came back meanwhile is alive
    const gone = await sql.run(`DELETE FROM push_subscription WHERE id IN (${ids}) AND retiredAt < ?`, [
      before,
    ]);
    if (gone.affected > 0) {
      await sql.run(
        `DELETE FROM subscription_tag WHERE subscriptionId IN (${ids})
         AND NOT EXISTS (SELECT 1 FROM push_subscription s WHERE s.id = subscription_tag.subscriptionId)`,
      );
    }
  });
  return retired.length;
}

async function purgeErasures(database: Database, before: number): Promise<number> {
  const [later] = await database.sql.rows<{ erasedAt: number }>(
    `SELECT erasedAt FROM erased_person WHERE erasedAt < ? ORDER BY erasedAt LIMIT 1 OFFSET ${stepRows}`,
    [before],
  );
  const { affected } = await database.write((sql) =>
    sql.run('DELETE FROM erased_person WHERE erasedAt < ?', [later?.erasedAt ?? before]),
  );
  return affected;
}
