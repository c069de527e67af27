import type { ListCursors } from '../../secrets/sealedCursors';
import { findNotifications } from '../../views/notification/listNotifications';
import { cutPage } from '../../views/page';
import { deliveryHistory, type HistoryPlace } from '../../views/person/deliveryHistory';
import { listDevices } from '../../views/person/findPerson';
import { startOf } from '../../views/person/sentToUser';
import { notificationView, showsUsers } from '../admission/authorise';
import type { Caller } from '../admission/caller';
import type { RequestContext } from '../context';
import { toDelivery } from '../delivery/deliveryType';
import { toNotification } from '../notification/notificationType';
import { pageInfoOf } from '../paging/connection';
import { subscriptionsOf } from '../pushSubscription/pushSubscriptionBatch';
import type { PersonDeliveryConnection } from './personType';

export interface PersonDeliveriesRequest {
  readonly userId: string;
  readonly cursors: ListCursors;
  readonly page: { readonly first: number; readonly after: HistoryPlace | undefined };
}

/** A page of what was sent to a person, as far as the caller may see it. */
export async function personDeliveries(
  context: RequestContext,
  caller: Caller,
  { userId, cursors, page }: PersonDeliveriesRequest,
): Promise<PersonDeliveryConnection> {
  const { database, ids } = context.parts;
  const { apiKeyId } = notificationView(caller);
  const devices = await listDevices(database, caller.applicationId, userId);
  const deviceIds = devices.map((row) => row.id);
  const found = cutPage(
    await deliveryHistory(database, devices, { first: page.first + 1, after: page.after, apiKeyId }),
    page,
  );
  const notifications = await findNotifications(
    database,
    found.rows.map((row) => row.notificationId),
  );
  const subscriptionOf = subscriptionsOf(context.parts, () => deviceIds, await showsUsers(context));
  const edges = found.rows.flatMap((row) => {
    const notification = notifications.get(row.notificationId);
    // purged since the deliveries were read
    if (!notification) return [];
    const node = toDelivery(row, ids, () => subscriptionOf(row.subscriptionId, startOf(notification)));
    const cursor = cursors.seal([row.notificationId, row.subscriptionId]);
    return [{ cursor, node, notification: toNotification(notification, ids) }];
  });
  return { edges, pageInfo: pageInfoOf(found, edges) };
}
