import type { PushSubscription } from '../database/entities/pushSubscription';
import { inOrderOfIds } from '../database/indexHints';
import type { Database } from '../database/openDatabase';
import { idList, type SqlValue } from '../database/sql';
import { cutPage, type Page, type PageRequest } from './page';

const columns = [
  'id',
  'userId',
  'pushService',
  'locale',
  'timeZone',
  'createdAt',
  'lastSeenAt',
  'retiredAt',
  'retiredReason',
] as const satisfies ReadonlyArray<keyof PushSubscription>;

/** What is told of a push subscription: never its endpoint or keys, so they are not even read. */
export type PushSubscriptionRow = Pick<PushSubscription, (typeof columns)[number]>;

/** For a SELECT over `push_subscription s`. */
export const pushSubscriptionColumns = columns.map((name) => `s.${name}`).join(', ');

/** A page of an application's live push subscriptions, oldest first; `after` is a subscription id. */
export async function listPushSubscriptions(
  database: Database,
  applicationId: number,
  page: PageRequest,
  filter: { userId?: string | undefined; tag?: string | undefined },
): Promise<Page<PushSubscriptionRow>> {
  const where = ['s.applicationId = ?', 's.retiredAt IS NULL', 's.id > ?'];
  const values: SqlValue[] = [applicationId, page.after ?? 0];
  if (filter.userId !== undefined) {
    where.push('s.userId = ?');
    values.push(filter.userId);
  }
  if (filter.tag !== undefined) {
    where.push('EXISTS (SELECT 1 FROM subscription_tag t WHERE t.subscriptionId = s.id AND t.tag = ?)');
    values.push(filter.tag);
  }
  const rows = await database.sql.rows<PushSubscriptionRow>(
    `SELECT ${pushSubscriptionColumns}
     FROM (SELECT s.id FROM push_subscription s ${filter.userId === undefined ? inOrderOfIds : ''}
           WHERE ${where.join(' AND ')} ORDER BY s.id LIMIT ${page.first + 1}) page
     JOIN push_subscription s ON s.id = page.id ORDER BY s.id`,
    values,
  );
  return cutPage(rows, page.first);
}

/** The push subscriptions behind a page of deliveries, in one query; retired ones too. */
export async function findPushSubscriptions(
  database: Database,
  subscriptionIds: readonly number[],
): Promise<Map<number, PushSubscriptionRow>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await database.sql.rows<PushSubscriptionRow>(
    `SELECT ${pushSubscriptionColumns} FROM push_subscription s WHERE s.id IN (${idList(subscriptionIds)})`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The tags of a page of push subscriptions, in one query; a subscription without tags is absent. */
export async function findTags(
  database: Database,
  subscriptionIds: readonly number[],
): Promise<Map<number, string[]>> {
  const tags = new Map<number, string[]>();
  if (subscriptionIds.length === 0) return tags;
  const rows = await database.sql.rows<{ subscriptionId: number; tag: string }>(
    `SELECT subscriptionId, tag FROM subscription_tag WHERE subscriptionId IN (${idList(subscriptionIds)}) ORDER BY subscriptionId, tag`,
  );
  for (const { subscriptionId, tag } of rows) {
    tags.set(subscriptionId, [...(tags.get(subscriptionId) ?? []), tag]);
  }
  return tags;
}
