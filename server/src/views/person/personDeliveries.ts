import type { Attempt } from '../../database/entities/attempt';
import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import { deliveryStatuses } from '../../model/deliveryStatus';
import type { PublicIds } from '../../model/ids/publicIds';
import { readStoredContent } from '../../model/notificationContent';
import type { DeliveryRow } from '../delivery/listDeliveries';
import { instant } from '../instant';
import { deliveryHistory } from './deliveryHistory';
import type { OwnedSubscription } from './sentToUser';

const pageSize = 500;

/** What was sent, of a notification. */
interface Sent {
  readonly sentAt: number;
  readonly content: string;
}

type Failure = Pick<Attempt, 'notificationId' | 'subscriptionId' | 'at' | 'httpStatus' | 'reason'>;

/**
 * What was sent to a user at some push subscriptions, with its content and the attempts that failed, as plain JSON.
 * @returns newest first, at most `most`
 */
export async function personDeliveries(
  { database, ids }: { database: Database; ids: PublicIds },
  subscriptions: readonly OwnedSubscription[],
  most: number,
): Promise<Array<Record<string, unknown>>> {
  const found: Array<Record<string, unknown>> = [];
  let after: DeliveryRow | undefined;
  while (found.length < most) {
    const first = Math.min(pageSize, most - found.length);
    const rows = await deliveryHistory(database, subscriptions, { first, after });
    const sent = await contentsOf(database, rows);
    const failures = await failuresOf(database, rows);
    found.push(...rows.map((row) => toExport(row, sent.get(row.notificationId), failures, ids)));
    after = rows.at(-1);
    if (rows.length < first) break;
  }
  return found;
}

async function contentsOf(database: Database, rows: readonly DeliveryRow[]): Promise<Map<number, Sent>> {
  if (rows.length === 0) return new Map();
  const found = await database.sql.rows<Sent & { id: number }>(
    `SELECT id, createdAt AS sentAt, content FROM notification WHERE id IN (${idList(rows.map((row) => row.notificationId))})`,
  );
  return new Map(found.map(({ id, sentAt, content }) => [id, { sentAt, content }]));
}

/** One statement for each push subscription: both engines then go straight to its rows. */
async function failuresOf(database: Database, rows: readonly DeliveryRow[]): Promise<Failure[]> {
  const failed = rows.filter(
    ({ status, attempts }) => attempts > (deliveryStatuses[status] === 'ACCEPTED' ? 1 : 0),
  );
  const found: Failure[] = [];
  for (const subscriptionId of new Set(failed.map((row) => row.subscriptionId))) {
    const its = failed.filter((row) => row.subscriptionId === subscriptionId);
    found.push(
      ...(await database.sql.rows<Failure>(
        `SELECT notificationId, subscriptionId, at, httpStatus, reason FROM attempt
         WHERE notificationId IN (${idList(its.map((row) => row.notificationId))}) AND subscriptionId = ?
         ORDER BY notificationId, attempt`,
        [subscriptionId],
      )),
    );
  }
  return found;
}

/** @param sent undefined: the notification is purged at this moment */
function toExport(
  row: DeliveryRow,
  sent: Sent | undefined,
  failures: readonly Failure[],
  ids: PublicIds,
): Record<string, unknown> {
  const { notificationId, subscriptionId } = row;
  return {
    notification: ids.encode('notification', notificationId),
    subscription: ids.encode('subscription', subscriptionId),
    content: sent === undefined ? null : readStoredContent(sent.content),
    status: deliveryStatuses[row.status],
    httpStatus: row.httpStatus,
    reason: row.reason,
    sentAt: instant(sent?.sentAt ?? null),
    acceptedAt: instant(row.acceptedAt),
    displayedAt: instant(row.displayedAt),
    clickedAt: instant(row.clickedAt),
    dismissedAt: instant(row.dismissedAt),
    attempts: row.attempts,
    failedAttempts: failures
      .filter((each) => each.notificationId === notificationId && each.subscriptionId === subscriptionId)
      .map(({ at, httpStatus, reason }) => ({ at: instant(at), httpStatus, reason })),
  };
}
