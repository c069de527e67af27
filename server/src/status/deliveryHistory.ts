import type { Database } from '../database/openDatabase';
import type { SqlValue } from '../database/sql';
import { type DeliveryRow, deliveryColumns } from './listDeliveries';

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
 * What was sent to these push subscriptions, newest first. Reads at most `first` rows of each over an index, however
 * much was sent to others. The caller has checked that the push subscriptions may be seen.
 */
export async function deliveryHistory(
  database: Database,
  subscriptionIds: readonly number[],
  request: HistoryRequest,
): Promise<DeliveryRow[]> {
  const found: DeliveryRow[] = [];
  for (let from = 0; from < subscriptionIds.length; from += subscriptionsPerStatement) {
    const some = subscriptionIds.slice(from, from + subscriptionsPerStatement);
    found.push(...(await newestOf(database, some, request)));
  }
  return found.sort(inHistory).slice(0, request.first);
}

async function newestOf(
  database: Database,
  subscriptionIds: readonly number[],
  request: HistoryRequest,
): Promise<DeliveryRow[]> {
  const each = subscriptionIds.map((subscriptionId) => newestOfOne(subscriptionId, request));
  const parts = each.map(({ statement }, index) => `SELECT * FROM (${statement}) s${index}`);
  return database.sql.rows<DeliveryRow>(
    `SELECT page.*, p.dueAt FROM (${parts.join(' UNION ALL ')}) page LEFT JOIN dispatch p ON p.id = page.dispatchId
     ORDER BY page.notificationId DESC, page.subscriptionId LIMIT ${request.first}`,
    each.flatMap(({ values }) => values),
  );
}

function newestOfOne(
  subscriptionId: number,
  { first, after, apiKeyId }: HistoryRequest,
): { statement: string; values: SqlValue[] } {
  const where = ['d.subscriptionId = ?', 'd.notificationId < ?'];
  const values: SqlValue[] = [subscriptionId, notificationBound(subscriptionId, after)];
  if (apiKeyId !== undefined) {
    // a value, not a join: the index gives the order, and each notification is looked up by its key
    where.push('(SELECT n.apiKeyId FROM notification n WHERE n.id = d.notificationId) = ?');
    values.push(apiKeyId);
  }
  const statement = `SELECT ${deliveryColumns}, d.dispatchId FROM delivery d WHERE ${where.join(' AND ')}
    ORDER BY d.notificationId DESC LIMIT ${first}`;
  return { statement, values };
}

/** Of the notification where the page before ended, only later push subscriptions are left. */
function notificationBound(subscriptionId: number, after: HistoryPlace | undefined): number {
  if (after === undefined) return Number.MAX_SAFE_INTEGER;
  return subscriptionId > after.subscriptionId ? after.notificationId + 1 : after.notificationId;
}

function inHistory(a: HistoryPlace, b: HistoryPlace): number {
  return b.notificationId - a.notificationId || a.subscriptionId - b.subscriptionId;
}
