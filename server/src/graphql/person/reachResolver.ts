import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { broadcastRules, isBroadcast } from '../../audience/audienceFilter';
import { filterToAudience } from '../../audience/filterToAudience';
import { pushServiceHealth } from '../../views/health/pushServiceHealth';
import { findNotification } from '../../views/notification/listNotifications';
import type { NotificationDetails } from '../../views/notification/notificationDetails';
import type { NotificationRow } from '../../views/notification/notificationRow';
import { bestReason, explainReach, findDeliveries, isEarlier } from '../../views/person/explainDelivery';
import { listDevices } from '../../views/person/findPerson';
import { startOf } from '../../views/person/sentToUser';
import type { PushSubscriptionRow } from '../../views/pushSubscription/pushSubscriptionRows';
import { notificationView, requireScope, showsUsers } from '../admission/authorise';
import { readUserId } from '../audience/readAudience';
import { type RequestContext } from '../context';
import { toDelivery } from '../delivery/deliveryType';
import { detailsOf } from '../notification/notificationDetailBatch';
import { toNotification } from '../notification/notificationType';
import { shapePushSubscriptions } from '../pushSubscription/pushSubscriptionBatch';
import { BrowserExplanationType, DeliveryExplanationType } from './reachTypes';

@Resolver()
export class ReachResolver {
  @Query(() => DeliveryExplanationType, {
    nullable: true,
    description:
      'Why a notification did or did not reach a user; null when there is none that this key may see. Scope notifications:read.',
  })
  async explainDelivery(
    @Ctx() context: RequestContext,
    @Arg('notificationId', () => ID, { description: 'The notification.' }) id: string,
    @Arg('userId', () => ID, { description: 'The user.' }) userId: string,
  ): Promise<DeliveryExplanationType | null> {
    const caller = await requireScope(context, 'notifications:read');
    const { database, ids } = context.parts;
    const name = readUserId(userId, ['userId']);
    const notificationId = ids.decodeOne('notification', id);
    if (notificationId === undefined) return null;
    const row = await findNotification(database, notificationView(caller), notificationId);
    // before the deliveries: those that are expanded meanwhile are found among them
    const details = row && (await detailsOf(context, notificationId));
    if (!details) return null;
    const devices = await listDevices(database, caller.applicationId, name);
    const browsers = await explainBrowsers(context, row, details, devices);
    return Object.assign(new DeliveryExplanationType(), {
      ...{ notification: toNotification(row, ids), browsers },
      reason: bestReason(browsers.map(({ reason }) => reason)),
    });
  }
}

async function explainBrowsers(
  context: RequestContext,
  row: NotificationRow,
  details: NotificationDetails,
  devices: readonly PushSubscriptionRow[],
): Promise<BrowserExplanationType[]> {
  const { database, ids } = context.parts;
  const deviceIds = devices.map((device) => device.id);
  const now = database.now();
  const deliveries = await findDeliveries(database, row.id, deviceIds);
  const named = { applicationId: row.applicationId, audience: details.audience };
  const meant = await filterToAudience(database.sql, named, deviceIds);
  const { staleBefore = 0 } = isBroadcast(details.audience)
    ? await broadcastRules(database.sql, row.applicationId, startOf(row))
    : {};
  const health = await pushServiceHealth(database, now);
  const paused = new Set(
    health.filter(({ state }) => state === 'open').map(({ pushService }) => pushService),
  );
  const notification = { ...row, ...details };
  const shape = shapePushSubscriptions(context.parts, () => deviceIds, await showsUsers(context));
  return devices.map((device) => {
    const delivery = deliveries.get(device.id);
    const isShown = delivery !== undefined && !isEarlier({ notification, device });
    const [isMeant, isPaused] = [meant.has(device.id), paused.has(device.pushService)];
    const isStale = device.lastSeenAt < staleBefore;
    const subscription = shape(device);
    return Object.assign(new BrowserExplanationType(), {
      subscription,
      reason: explainReach({ notification, device, delivery, isMeant, isStale, isPaused, now }),
      delivery: isShown ? toDelivery(delivery, ids, async () => subscription) : null,
    });
  });
}
