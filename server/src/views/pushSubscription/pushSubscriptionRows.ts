import type { PushSubscription } from '../../database/entities/pushSubscription';
import { byUser, inOrderOfIds } from '../../database/indexHints';
import type { Database } from '../../database/openDatabase';
import { idList, type SqlValue, type Statement } from '../../database/sql';
import { cutPage, type Page, type PageRequest } from '../page';

const columns = [
  'id',
  'userId',
  'userSince',
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
  const { userId, tag } = filter;
  const { text, values } =
    userId === undefined && tag !== undefined
      ? idsWithTag(applicationId, page, tag)
      : idsOf(applicationId, page, filter);
  const rows = await database.sql.rows<PushSubscriptionRow>(
    `SELECT ${pushSubscriptionColumns} FROM (${text} LIMIT ${page.first + 1}) page
     JOIN push_subscription s ON s.id = page.id ORDER BY s.id`,
    values,
  );
  return cutPage(rows, page);
}

function idsOf(
  applicationId: number,
  page: PageRequest,
  { userId, tag }: { userId?: string | undefined; tag?: string | undefined },
): Required<Statement> {
  const where = ['s.applicationId = ?', 's.retiredAt IS NULL', 's.id > ?'];
  const values: SqlValue[] = [applicationId, page.after ?? 0];
  if (userId !== undefined) {
    where.push('s.userId = ?');
    values.push(userId);
  }
  if (tag !== undefined) {
    where.push('EXISTS (SELECT 1 FROM subscription_tag t WHERE t.subscriptionId = s.id AND t.tag = ?)');
    values.push(tag);
  }
  const hint = userId === undefined ? inOrderOfIds : byUser;
  const text = `SELECT s.id FROM push_subscription s ${hint} WHERE ${where.join(' AND ')} ORDER BY s.id`;
  return { text, values };
}

/** However few have the tag: nobody else is looked at. */
function idsWithTag(applicationId: number, page: PageRequest, tag: string): Required<Statement> {
  // a value, not a join: the index gives the order
  const text = `SELECT t.subscriptionId AS id FROM subscription_tag t /*! USE INDEX (subscription_tag_application) */
    WHERE t.applicationId = ? AND t.tag = ? AND t.subscriptionId > ?
      AND (SELECT s.retiredAt IS NULL FROM push_subscription s WHERE s.id = t.subscriptionId) = 1
    ORDER BY t.subscriptionId`;
  return { text, values: [applicationId, tag, page.after ?? 0] };
}

/** One push subscription of an application, a retired one too. */
export async function findPushSubscription(
  database: Database,
  applicationId: number,
  subscriptionId: number,
): Promise<PushSubscriptionRow | undefined> {
  const [row] = await database.sql.rows<PushSubscriptionRow>(
    `SELECT ${pushSubscriptionColumns} FROM push_subscription s WHERE s.id = ? AND s.applicationId = ?`,
    [subscriptionId, applicationId],
  );
  return row;
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
