import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { retireSubscriptionById } from '../../intake/retirePushSubscription';
import { deliveryHistory } from '../../status/deliveryHistory';
import { listDevices } from '../../status/findPerson';
import { findNotifications } from '../../status/listNotifications';
import { startOf } from '../../status/sentToUser';
import { notificationView, requireScope, showsUsers } from '../authorise';
import { type RequestContext } from '../context';
import { readUserId } from '../input/audience';
import { readHistoryPage } from '../input/page';
import { toDelivery } from '../types/delivery';
import { toNotification } from '../types/notification';
import { PersonDeliveryType, PersonType } from '../types/person';
import { afterArgument, firstArgument } from './pageArguments';
import { shapePushSubscriptions, subscriptionsOf } from './pushSubscriptionBatch';

@Resolver()
export class PersonResolver {
  @Query(() => PersonType, {
    nullable: true,
    description: 'A user with every browser; null when none was ever registered. Scope subscriptions:read.',
  })
  async person(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
  ): Promise<PersonType | null> {
    const { applicationId } = await requireScope(context, 'subscriptions:read');
    const rows = await listDevices(context.parts.database, applicationId, readUserId(userId, ['userId']));
    if (rows.length === 0) return null;
    const deviceIds = rows.map((row) => row.id);
    const devices = rows.map(shapePushSubscriptions(context.parts, () => deviceIds, true));
    return Object.assign(new PersonType(), { userId, devices });
  }

  @Query(() => [PersonDeliveryType], {
    description:
      'What was sent to a user, newest first, at each browser since it belongs to the user. A key without the scope admin sees what it sent. Scope notifications:read.',
  })
  async deliveryHistory(
    @Ctx() context: RequestContext,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
  ): Promise<PersonDeliveryType[]> {
    const caller = await requireScope(context, 'notifications:read');
    const { apiKeyId } = notificationView(caller);
    const { database, ids } = context.parts;
    const cursors = context.parts.cursors.of('deliveryHistory', caller.applicationId, userId);
    const page = readHistoryPage(cursors, first, after);
    const devices = await listDevices(database, caller.applicationId, readUserId(userId, ['userId']));
    const deviceIds = devices.map((row) => row.id);
    const rows = await deliveryHistory(database, devices, { ...page, apiKeyId });
    const notifications = await findNotifications(
      database,
      rows.map((row) => row.notificationId),
    );
    const subscriptionOf = subscriptionsOf(context.parts, () => deviceIds, await showsUsers(context));
    return rows.flatMap((row) => {
      const notification = notifications.get(row.notificationId);
      if (!notification) return [];
      const delivery = toDelivery(row, ids, () => subscriptionOf(row.subscriptionId, startOf(notification)));
      const cursor = cursors.seal([row.notificationId, row.subscriptionId]);
      return [{ notification: toNotification(notification, ids), delivery, cursor }];
    });
  }

  @Mutation(() => Boolean, {
    description:
      'Ends a push subscription; its browser can subscribe anew. False when it had ended, or was never there. Scope subscriptions:write.',
  })
  async retirePushSubscription(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The push subscription.' }) id: string,
  ): Promise<boolean> {
    const { applicationId } = await requireScope(context, 'subscriptions:write');
    const subscriptionId = context.parts.ids.decodeOne('subscription', id) ?? 0;
    return retireSubscriptionById(context.parts, applicationId, subscriptionId);
  }
}
