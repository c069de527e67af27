import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { acceptNotification } from '../../actions/notification/acceptNotification';
import { cancelNotification } from '../../actions/notification/cancelNotification';
import { Refusal } from '../../model/refusal';
import { countDeliveries, listDeliveries } from '../../views/delivery/listDeliveries';
import { findNotification, listNotifications } from '../../views/notification/listNotifications';
import { startOf } from '../../views/person/sentToUser';
import { notificationView, requireScope, showsUsers } from '../admission/authorise';
import { readUserId } from '../audience/readAudience';
import { checkFailedOf } from '../checkFailedOf';
import { type RequestContext } from '../context';
import { DeliveryConnection, toDelivery } from '../delivery/deliveryType';
import { DeliveryStatusEnum, NotificationStatusEnum } from '../enums';
import { checkName, given, refuse } from '../fields';
import { readNotification } from '../node/nodes';
import { toConnection } from '../paging/connection';
import { afterArgument, firstArgument } from '../paging/pageArguments';
import { readPage } from '../paging/readPage';
import { subscriptionsOf } from '../pushSubscription/pushSubscriptionBatch';
import { NotificationConnection, NotificationType, toNotification } from './notificationType';
import { readSendNotification } from './readSendNotification';
import { SendNotificationInput, SendNotificationPayload } from './sendNotificationInput';

const maxWordLength = 100;

@Resolver(() => NotificationType)
export class NotificationResolver {
  @Query(() => NotificationType, {
    nullable: true,
    description: 'One notification; null when there is none that this key may see. Scope notifications:read.',
  })
  async notification(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The notification.' }) id: string,
  ): Promise<NotificationType | null> {
    return readNotification(context, id);
  }

  @Query(() => NotificationConnection, {
    description:
      'Notifications, newest first. A key without the scope admin sees those it sent. Scope notifications:read.',
  })
  async notifications(
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
    @Arg('status', () => NotificationStatusEnum, {
      nullable: true,
      description: 'Only those that stand here.',
    })
    status: NotificationStatusEnum | null,
  ): Promise<NotificationConnection> {
    const caller = await requireScope(context, 'notifications:read');
    const { database, ids } = context.parts;
    const cursors = context.parts.cursors.of('notifications', caller.applicationId);
    const page = readPage(cursors, first, after);
    const rows = await listNotifications(database, notificationView(caller), page, given(status));
    return toConnection(
      rows,
      (row) => toNotification(row, ids),
      cursors,
      (row) => row.id,
    );
  }

  @Mutation(() => SendNotificationPayload, {
    description:
      'Stores a notification to send; answered after the durable commit. Scope notifications:send.',
  })
  async sendNotification(
    @Ctx() context: RequestContext,
    @Arg('input', () => SendNotificationInput, { description: 'Whom to tell what.' })
    input: SendNotificationInput,
  ): Promise<SendNotificationPayload> {
    const caller = await requireScope(context, 'notifications:send');
    const { applicationId, apiKeyId } = caller;
    const { ids, intake } = context.parts;
    const fields = readSendNotification(input, ids);
    await checkFailedOf(context, caller, fields.audience, ['input', 'audience']);
    const { notification, replayed } = await acceptNotification(intake, {
      ...fields,
      applicationId,
      apiKeyId,
    });
    return { notification: toNotification(notification, ids), replayed };
  }

  @Mutation(() => NotificationType, {
    description:
      'Stops a notification: what no worker has begun is not sent. A finished one stays as it is. Scope notifications:send.',
  })
  async cancelNotification(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The notification.' }) id: string,
  ): Promise<NotificationType> {
    const caller = await requireScope(context, 'notifications:send');
    const { database, ids } = context.parts;
    const notificationId = ids.decodeOne('notification', id) ?? 0;
    const row = await findNotification(database, notificationView(caller), notificationId);
    if (!row) throw new Refusal('NOT_FOUND', 'There is no such notification.', ['id']);
    return toNotification(await cancelNotification({ database }, row.id), ids);
  }

  @FieldResolver(() => DeliveryConnection, {
    description: 'One delivery for every push subscription it is for.',
  })
  async deliveries(
    @Root() notification: NotificationType,
    @Ctx() context: RequestContext,
    @Arg('first', () => Int, firstArgument) first: number,
    @Arg('after', () => String, afterArgument) after: string | null,
    @Arg('status', () => DeliveryStatusEnum, { nullable: true, description: 'Only those that stand here.' })
    status: DeliveryStatusEnum | null,
    @Arg('userId', () => ID, { nullable: true, description: 'Only those to this user.' }) userId:
      | string
      | null,
    @Arg('pushService', () => String, {
      nullable: true,
      description: 'Only those at this push service, as `Delivery.pushService` names it.',
    })
    pushService: string | null | undefined,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'Only those that ended for this reason, as `Outcome.reason` names it.',
    })
    reason: string | null | undefined,
  ): Promise<DeliveryConnection> {
    const { database, ids } = context.parts;
    const cursors = context.parts.cursors.of('deliveries', notification.row.id);
    const filter = {
      ...{ status: given(status), userId: userId == null ? undefined : readUserId(userId, ['userId']) },
      ...{ pushService: readWord(pushService, 'pushService'), reason: readWord(reason, 'reason') },
    };
    const request = readPage(cursors, first, after);
    const page = await listDeliveries(database, notification.row, request, filter);
    const subscriptionOf = subscriptionsOf(
      context.parts,
      () => page.rows.map((row) => row.subscriptionId),
      await showsUsers(context),
    );
    const connection = toConnection(
      page,
      (row) => toDelivery(row, ids, () => subscriptionOf(row.subscriptionId, startOf(notification.row))),
      cursors,
      (row) => row.subscriptionId,
    );
    return { ...connection, totalCount: countDeliveries(notification.row, filter) ?? null };
  }
}

/** Push services and reasons are ASCII, and MySQL refuses to compare them with anything else. */
function readWord(value: string | null | undefined, name: string): string | undefined {
  if (value == null) return undefined;
  if (/[^ -~]/.test(value)) refuse([name], 'Must be of ASCII characters.');
  return checkName(value, [name], maxWordLength);
}
