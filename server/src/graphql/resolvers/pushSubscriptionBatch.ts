import { findPushSubscriptions, findTags, type PushSubscriptionRow } from '../../status/pushSubscriptionRows';
import { type RequestContext } from '../context';
import { type PushSubscriptionType, toPushSubscription } from '../types/pushSubscription';

type Parts = Pick<RequestContext['parts'], 'database' | 'ids'>;

/*
 * A page asks for what belongs to its rows once, for all rows, and only when some row's field is asked for.
 */

/** Shapes the push subscriptions of one page; their tags are one query. */
export function shapePushSubscriptions(
  { database, ids }: Parts,
  pageIds: () => number[],
): (row: PushSubscriptionRow) => PushSubscriptionType {
  const tags = once(() => findTags(database, pageIds()));
  return (row) => toPushSubscription(row, ids, async () => (await tags()).get(row.id) ?? []);
}

/** Finds the push subscriptions that the rows of one page are about; null for one that was deleted. */
export function subscriptionsOf(
  parts: Parts,
  pageIds: () => number[],
): (subscriptionId: number) => Promise<PushSubscriptionType | null> {
  const rows = once(() => findPushSubscriptions(parts.database, pageIds()));
  const shape = shapePushSubscriptions(parts, pageIds);
  return async (subscriptionId) => {
    const row = (await rows()).get(subscriptionId);
    return row ? shape(row) : null;
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}
