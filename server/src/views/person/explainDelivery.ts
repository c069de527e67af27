import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import { deliveryStatusOf } from '../../model/deliveryStatus';
import { type ReachReason, reachReasons } from '../../model/reachReason';
import { type DeliveryRow, deliveryColumns } from '../delivery/listDeliveries';
import type { NotificationDetails } from '../notification/notificationDetails';
import type { NotificationRow } from '../notification/notificationRow';
import type { PushSubscriptionRow } from '../pushSubscription/pushSubscriptionRows';
import { startOf } from './sentToUser';

/** A notification, as far as it decides who was reached. */
type ExplainedNotification = Pick<NotificationRow, 'status' | 'createdAt' | 'sendAt'> &
  Pick<NotificationDetails, 'expandDueAt' | 'expandCursor'>;

/** Everything that is known about one notification and one browser. */
export interface ReachFacts {
  readonly notification: ExplainedNotification;
  readonly device: Pick<PushSubscriptionRow, 'id' | 'userSince' | 'retiredAt'>;
  /** Undefined when the browser is none of those that it was sent to. */
  readonly delivery: Pick<DeliveryRow, 'status' | 'attempts' | 'displayedAt' | 'dueAt'> | undefined;
  /** Whether the audience names the browser now, by the tags and the user that it has now. */
  readonly isMeant: boolean;
  /** Whether it had not been seen for so long that a broadcast leaves it out. */
  readonly isStale: boolean;
  /** Whether its push service takes nothing at present. */
  readonly isPaused: boolean;
  readonly now: number;
}

/** Why one browser was reached, or not. */
export function explainReach(facts: ReachFacts): ReachReason {
  const { delivery } = facts;
  // what it was sent then may have been for a former user of the browser
  if (delivery && isEarlier(facts)) return 'SUBSCRIBED_LATER';
  return delivery ? explainDelivered(delivery, facts) : explainLeftOut(facts);
}

/** Whether a notification started before the browser was its present user's. */
export function isEarlier({ notification, device }: Pick<ReachFacts, 'device' | 'notification'>): boolean {
  return startOf(notification) < device.userSince;
}

function explainDelivered(
  { status, attempts, displayedAt, dueAt }: NonNullable<ReachFacts['delivery']>,
  { isPaused, now }: ReachFacts,
): ReachReason {
  if (displayedAt !== null) return 'DISPLAYED';
  const name = deliveryStatusOf(status);
  if (name !== 'PENDING') return name;
  if (isPaused) return 'WAITS_FOR_PUSH_SERVICE';
  return attempts > 0 && dueAt !== null && dueAt > now ? 'WAITS_TO_RETRY' : 'BEING_SENT';
}

function explainLeftOut(facts: ReachFacts): ReachReason {
  const { notification, device, isMeant } = facts;
  const { status, expandDueAt, expandCursor } = notification;
  if (device.retiredAt !== null) return 'ENDED_BEFORE';
  if (!isMeant) return 'NOT_MEANT';
  if (status === 'CANCELLED') return 'CANCELLED';
  const isToCome = status === 'SCHEDULED' || (expandDueAt !== null && device.id > expandCursor);
  if (isToCome) return 'NOT_YET';
  if (facts.isStale) return 'STALE';
  return isEarlier(facts) ? 'SUBSCRIBED_LATER' : 'MEANT_SINCE';
}

/** The reason that tells most about a person: of several browsers, the one that was reached best. */
export function bestReason(reasons: readonly ReachReason[]): ReachReason {
  return reachReasons.find((reason) => reasons.includes(reason)) ?? 'NO_BROWSER';
}

/** What became of a notification at these push subscriptions, by their ids. */
export async function findDeliveries(
  database: Database,
  notificationId: number,
  subscriptionIds: readonly number[],
): Promise<Map<number, DeliveryRow>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await database.sql.rows<DeliveryRow>(
    `SELECT ${deliveryColumns}, p.dueAt FROM delivery d LEFT JOIN dispatch p ON p.id = d.dispatchId
     WHERE d.notificationId = ? AND d.subscriptionId IN (${idList(subscriptionIds)})`,
    [notificationId],
  );
  return new Map(rows.map((row) => [row.subscriptionId, row]));
}
