import type { Delivery } from '../../database/entities/delivery';
import { nextTurn } from '../../database/nextTurn';
import type { Database } from '../../database/openDatabase';
import type { SqlValue } from '../../database/sql';
import { type DeliveryStatus, deliveryStatusCode } from '../../model/deliveryStatus';
import type { NotificationRow } from '../notification/notificationRow';
import { cutPage, type Page, type PageRequest } from '../page';
import { namesNoOther, startOf } from '../person/sentToUser';

/** A delivery with the time of the dispatch that will try it next; null once that is gone. */
export type DeliveryRow = Omit<Delivery, 'dispatchId'> & { dueAt: number | null };

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly userId?: string | undefined;
  readonly pushService?: string | undefined;
  readonly reason?: string | undefined;
}

const columns = [
  'notificationId',
  'subscriptionId',
  'status',
  'attempts',
  'httpStatus',
  'reason',
  'pushService',
  'acceptedAt',
  'displayedAt',
  'clickedAt',
  'dismissedAt',
] as const satisfies ReadonlyArray<keyof Delivery>;

/** For a SELECT over `delivery d`; `dueAt` comes from the dispatch. */
export const deliveryColumns = columns.map((name) => `d.${name}`).join(', ');

/** Deliveries that one statement goes through in search of matches: some milliseconds. */
const stepRows = 20_000;

/**
 * A page of a notification's deliveries in the order of their push subscriptions; `after` is a subscription id. A filter
 * that no index serves is looked for in steps, so that other work gets its turn in between.
 */
export async function listDeliveries(
  database: Database,
  notification: NotificationRow,
  page: PageRequest,
  filter: DeliveryFilter,
  rowsPerStep = stepRows,
): Promise<Page<DeliveryRow>> {
  // nothing to look for among a million
  if (countDeliveries(notification, filter) === 0) return cutPage([], page);
  const wanted = page.first + 1;
  const isStepped = notification.targeted > rowsPerStep && isSearched(filter);
  const rows: DeliveryRow[] = [];
  let after: number | undefined = page.after ?? 0;
  while (after !== undefined && rows.length < wanted) {
    const last: number | undefined = isStepped
      ? await endOfStep(database, notification.id, after, rowsPerStep)
      : undefined;
    rows.push(
      ...(await readDeliveries(database, notification, filter, {
        after,
        last,
        wanted: wanted - rows.length,
      })),
    );
    if (last !== undefined) await nextTurn();
    after = last;
  }
  return cutPage(rows, page);
}

/** One delivery; the caller has checked that its notification may be seen. */
export async function findDelivery(
  database: Database,
  notificationId: number,
  subscriptionId: number,
): Promise<DeliveryRow | undefined> {
  const [row] = await database.sql.rows<DeliveryRow>(
    `SELECT ${deliveryColumns}, p.dueAt FROM delivery d LEFT JOIN dispatch p ON p.id = d.dispatchId
     WHERE d.notificationId = ? AND d.subscriptionId = ?`,
    [notificationId, subscriptionId],
  );
  return row;
}

/** Deliveries of one user are found by the user's push subscriptions. */
function isSearched({ userId, status, pushService, reason }: DeliveryFilter): boolean {
  return userId === undefined && (status ?? pushService ?? reason) !== undefined;
}

/** @returns the push subscription that the step ends with; undefined if the rest fits into one step */
async function endOfStep(
  database: Database,
  notificationId: number,
  after: number,
  rowsPerStep: number,
): Promise<number | undefined> {
  const [end] = await database.sql.rows<{ subscriptionId: number }>(
    `SELECT subscriptionId FROM delivery WHERE notificationId = ? AND subscriptionId > ?
     ORDER BY subscriptionId LIMIT 1 OFFSET ${rowsPerStep - 1}`,
    [notificationId, after],
  );
  return end?.subscriptionId;
}

async function readDeliveries(
  database: Database,
  notification: NotificationRow,
  filter: DeliveryFilter,
  range: { after: number; last: number | undefined; wanted: number },
): Promise<DeliveryRow[]> {
  const where = ['d.notificationId = ?', 'd.subscriptionId > ?'];
  const values: SqlValue[] = [notification.id, range.after];
  if (range.last !== undefined) {
    where.push('d.subscriptionId <= ?');
    values.push(range.last);
  }
  if (filter.status !== undefined) {
    where.push('d.status = ?');
    values.push(deliveryStatusCode(filter.status));
  }
  for (const name of ['pushService', 'reason'] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    where.push(`d.${name} = ?`);
    values.push(value);
  }
  if (filter.userId !== undefined) {
    where.push(
      'd.subscriptionId IN (SELECT id FROM push_subscription WHERE applicationId = ? AND userId = ? AND userSince <= ?)',
      `EXISTS (SELECT 1 FROM notification n WHERE n.id = d.notificationId AND ${namesNoOther})`,
    );
    values.push(notification.applicationId, filter.userId, startOf(notification));
    values.push(JSON.stringify(filter.userId));
  }
  return database.sql.rows<DeliveryRow>(
    `SELECT ${deliveryColumns}, p.dueAt
     FROM delivery d LEFT JOIN dispatch p ON p.id = d.dispatchId
     WHERE ${where.join(' AND ')} ORDER BY d.subscriptionId LIMIT ${range.wanted}`,
    values,
  );
}

/** How many deliveries a filter finds, from the notification's counters; undefined when those cannot tell. */
export function countDeliveries(notification: NotificationRow, filter: DeliveryFilter): number | undefined {
  const { status, ...others } = filter;
  if (Object.values(others).some((value) => value !== undefined)) return undefined;
  const { targeted, accepted, gone, rejected, expired, exhausted, cancelled } = notification;
  const pending = targeted - accepted - gone - rejected - expired - exhausted - cancelled;
  const counts: Record<DeliveryStatus, number> = {
    PENDING: pending,
    ACCEPTED: accepted,
    GONE: gone,
    REJECTED: rejected,
    EXPIRED: expired,
    EXHAUSTED: exhausted,
    CANCELLED: cancelled,
  };
  return status === undefined ? targeted : counts[status];
}
