import {
  findPushSubscriptions,
  findTags,
  type PushSubscriptionRow,
} from '../../views/pushSubscription/pushSubscriptionRows';
import { type RequestContext } from '../context';
import { type PushSubscriptionType, toPushSubscription } from './pushSubscriptionType';

type Parts = Pick<RequestContext['parts'], 'database' | 'ids'>;

/*
 * A page asks for what belongs to its rows once, for all rows, and only when some row's field is asked for.
 */

/**
 * Shapes the push subscriptions of one page; their tags are one query.
 * @param showsUser whether the caller may read what they tell about their users
 */
export function shapePushSubscriptions(
  { database, ids }: Parts,
  pageIds: () => number[],
  showsUser: boolean,
): (row: PushSubscriptionRow) => PushSubscriptionType {
  const tags = once(() => findTags(database, pageIds()));
  return (row) => toPushSubscription(row, ids, async () => (await tags()).get(row.id) ?? [], showsUser);
}

/**
 * Finds the push subscriptions that the deliveries of one page are about; null for one that was deleted. If the user of
 * one has changed since the notification started, its present user and tags are left out.
 */
export function subscriptionsOf(
  parts: Parts,
  pageIds: () => number[],
  showsUser: boolean,
): (subscriptionId: number, sentAt: number) => Promise<PushSubscriptionType | null> {
  const rows = once(() => findPushSubscriptions(parts.database, pageIds()));
  const shape = shapePushSubscriptions(parts, pageIds, showsUser);
  return async (subscriptionId, sentAt) => {
    const row = (await rows()).get(subscriptionId);
    if (!row) return null;
    if (sentAt >= row.userSince) return shape(row);
    return toPushSubscription({ ...row, userId: null }, parts.ids, async () => [], showsUser);
  };
}

/** Reads at the first call only. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}
