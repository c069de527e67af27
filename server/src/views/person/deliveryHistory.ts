import type { Database } from '../../database/openDatabase';
import type { SqlValue } from '../../database/sql';
import { type DeliveryRow, deliveryColumns } from '../delivery/listDeliveries';
import { type OwnedSubscription, sentToUser } from './sentToUser';

/** The place of a delivery in a history: newest notification first, then by push subscription. */
export interface HistoryPlace {
  readonly notificationId: number;
  readonly subscriptionId: number;
}

export interface HistoryRequest {
  /** Rows wanted. */
  readonly first: number;
  /** The last row of the page before; undefined begins with the newest. */
  readonly after?: HistoryPlace | undefined;
  /** Only what this key sent. */
  readonly apiKeyId?: number | undefined;
}

/** Each is one SELECT of a statement, and engines bound how many of those there may be. */
const subscriptionsPerStatement = 100;

/**
 * What was sent to a user at these push subscriptions, newest first: nothing from before they were the user's. Reads the
 * rows of each over an index, however much was sent to others. The caller has checked that they may be seen.
 */
export async function deliveryHistory(
  database: Database,
  subscriptions: readonly OwnedSubscription[],
  request: HistoryRequest,
): Promise<DeliveryRow[]> {
  const found: DeliveryRow[] = [];
  for (let from = 0; from < subscriptions.length; from += subscriptionsPerStatement) {
    const some = subscriptions.slice(from, from + subscriptionsPerStatement);
    found.push(...(await newestOf(database, some, request)));
  }
  return found.sort(inHistory).slice(0, request.first);
}

async function newestOf(
  database: Database,
  subscriptions: readonly OwnedSubscription[],
  request: HistoryRequest,
): Promise<DeliveryRow[]> {
  const each = subscriptions.map((subscription) => newestOfOne(subscription, request));
  const parts = each.map(({ statement }, index) => `SELECT * FROM (${statement}) s${index}`);
  return database.sql.rows<DeliveryRow>(
    `SELECT page.*, p.dueAt FROM (${parts.join(' UNION ALL ')}) page LEFT JOIN dispatch p ON p.id = page.dispatchId
     ORDER BY page.notificationId DESC, page.subscriptionId LIMIT ${request.first}`,
    each.flatMap(({ values }) => values),
  );
}

function newestOfOne(
  subscription: OwnedSubscription,
  { first, after, apiKeyId }: HistoryRequest,
): { statement: string; values: SqlValue[] } {
  const { text, values } = sentToUser(subscription);
  const seen = apiKeyId === undefined ? '' : 'AND n.apiKeyId = ?';
  // a value, not a join: the index gives the order, and each notification is looked up by its key
  const statement = `SELECT ${deliveryColumns}, d.dispatchId FROM delivery d
    WHERE d.subscriptionId = ? AND d.notificationId < ?
      AND (SELECT ${text} ${seen} FROM notification n WHERE n.id = d.notificationId) = 1
    ORDER BY d.notificationId DESC LIMIT ${first}`;
  const bound = notificationBound(subscription.id, after);
  const key = apiKeyId === undefined ? [] : [apiKeyId];
  return { statement, values: [subscription.id, bound, ...values, ...key] };
}

/** Of the notification where the page before ended, only later push subscriptions are left. */
function notificationBound(subscriptionId: number, after: HistoryPlace | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  return subscriptionId > after.subscriptionId ? after.notificationId + 1 : after.notificationId;
}

function inHistory(a: HistoryPlace, b: HistoryPlace): number {
  return b.notificationId - a.notificationId || a.subscriptionId - b.subscriptionId;
}
