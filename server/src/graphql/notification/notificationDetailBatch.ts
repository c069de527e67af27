import {
  type NotificationDetails,
  readNotificationDetails,
} from '../../views/notification/notificationDetails';
import type { RequestContext } from '../context';

interface Batch {
  readonly ids: Set<number>;
  readonly answer: Promise<Map<number, NotificationDetails>>;
}

const open = new WeakMap<RequestContext, Batch>();

/** The details of one notification; all that a request asks for in the same turn of the event loop are one query. */
export async function detailsOf(
  context: RequestContext,
  notificationId: number,
): Promise<NotificationDetails | undefined> {
  const batch = open.get(context) ?? begin(context);
  batch.ids.add(notificationId);
  return (await batch.answer).get(notificationId);
}

function begin(context: RequestContext): Batch {
  const ids = new Set<number>();
  const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    open.delete(context);
    return readNotificationDetails(context.parts.database.sql, [...ids]);
  });
  const batch = { ids, answer };
  open.set(context, batch);
  return batch;
}
