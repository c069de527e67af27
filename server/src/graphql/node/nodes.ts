import { ApiKey } from '../../database/entities/apiKey';
import { AuditEntry } from '../../database/entities/auditEntry';
import type { IdKind } from '../../model/ids/idScheme';
import { listApplications } from '../../views/application/listApplications';
import { findDeadDispatch } from '../../views/deadDispatch/listDeadDispatches';
import { findDelivery } from '../../views/delivery/listDeliveries';
import { findNotification } from '../../views/notification/listNotifications';
import { startOf } from '../../views/person/sentToUser';
import { findPushSubscription } from '../../views/pushSubscription/pushSubscriptionRows';
import { countByVapidKey, listVapidKeys } from '../../views/vapidKey/listVapidKeys';
import {
  isPlatformAdmin,
  notificationView,
  requireScope,
  requireSecretKey,
  showsUsers,
} from '../admission/authorise';
import { toApiKey } from '../apiKey/apiKeyType';
import { toAuditEntry } from '../auditEntry/auditEntryType';
import type { RequestContext } from '../context';
import { toDeadDispatch } from '../deadDispatch/deadDispatchType';
import { toDelivery } from '../delivery/deliveryType';
import { type NotificationType, toNotification } from '../notification/notificationType';
import { once, shapePushSubscriptions, subscriptionsOf } from '../pushSubscription/pushSubscriptionBatch';
import { shapeApplications } from '../resolvers/applicationBatch';
import { toVapidKey, type VapidKeyType } from '../vapidKey/vapidKeyType';
import type { NodeType } from './nodeType';

type NodeReader = (context: RequestContext, id: string) => Promise<NodeType | null>;

/*
 * Every object with a global id, read by it. Each reader asks for the scope that the lists of its type ask for, and finds
 * only what the caller may see there.
 */
const readers: Readonly<Record<IdKind, NodeReader>> = {
  notification: readNotification,
  subscription: readPushSubscription,
  delivery: readDelivery,
  apiKey: readApiKey,
  application: readApplication,
  auditEntry: readAuditEntry,
  dispatch: readDeadDispatch,
  vapidKey: readVapidKey,
};

/** @returns null for an id that is unknown, or of an object that the caller may not see */
export async function readNode(context: RequestContext, id: string): Promise<NodeType | null> {
  const kind = context.parts.ids.kindOf(id);
  if (kind !== undefined) return readers[kind](context, id);
  await requireSecretKey(context);
  return null;
}

export async function readNotification(
  context: RequestContext,
  id: string,
): Promise<NotificationType | null> {
  const caller = await requireScope(context, 'notifications:read');
  const { database, ids } = context.parts;
  const notificationId = ids.decodeOne('notification', id);
  if (notificationId === undefined) return null;
  const row = await findNotification(database, notificationView(caller), notificationId);
  return row ? toNotification(row, ids) : null;
}

/** The keys of an application; their push subscriptions are counted once for all keys, and only if requested. */
export async function vapidKeysOf(
  { parts: { database, ids } }: RequestContext,
  applicationId: number,
): Promise<VapidKeyType[]> {
  const rows = await listVapidKeys(database, applicationId);
  const counts = once(() =>
    countByVapidKey(
      database,
      rows.map((row) => row.id),
    ),
  );
  return rows.map((row) => toVapidKey(row, ids, async () => (await counts()).get(row.id) ?? 0));
}

async function readPushSubscription(context: RequestContext, id: string): Promise<NodeType | null> {
  const { applicationId } = await requireScope(context, 'subscriptions:read');
  const { database, ids } = context.parts;
  const subscriptionId = ids.decodeOne('subscription', id);
  if (subscriptionId === undefined) return null;
  const row = await findPushSubscription(database, applicationId, subscriptionId);
  return row ? shapePushSubscriptions(context.parts, () => [row.id], true)(row) : null;
}

async function readDelivery(context: RequestContext, id: string): Promise<NodeType | null> {
  const caller = await requireScope(context, 'notifications:read');
  const { database, ids } = context.parts;
  const [notificationId, subscriptionId, ...more] = ids.decode('delivery', id) ?? [];
  if (notificationId === undefined || subscriptionId === undefined || more.length > 0) return null;
  const notification = await findNotification(database, notificationView(caller), notificationId);
  const row = notification && (await findDelivery(database, notificationId, subscriptionId));
  if (!row) return null;
  const subscriptionOf = subscriptionsOf(context.parts, () => [subscriptionId], await showsUsers(context));
  return toDelivery(row, ids, () => subscriptionOf(subscriptionId, startOf(notification)));
}

async function readApiKey(context: RequestContext, id: string): Promise<NodeType | null> {
  const { applicationId } = await requireScope(context, 'admin');
  const { database, ids } = context.parts;
  const apiKeyId = ids.decodeOne('apiKey', id) ?? 0;
  const row = await database.entities.findOneBy(ApiKey, { id: apiKeyId, applicationId });
  return row && toApiKey(row, ids);
}

async function readApplication(context: RequestContext, id: string): Promise<NodeType | null> {
  const caller = await requireScope(context, 'admin');
  const { database, ids } = context.parts;
  const applicationId = ids.decodeOne('application', id);
  if (applicationId === undefined) return null;
  if (applicationId !== caller.applicationId && !isPlatformAdmin(caller)) return null;
  const [row] = await listApplications(database, applicationId);
  return row ? shapeApplications(context.parts, [row.id])(row) : null;
}

async function readAuditEntry(context: RequestContext, id: string): Promise<NodeType | null> {
  const { applicationId } = await requireScope(context, 'admin');
  const { database, ids } = context.parts;
  const entryId = ids.decodeOne('auditEntry', id) ?? 0;
  const row = await database.entities.findOneBy(AuditEntry, { id: entryId, applicationId });
  return row && toAuditEntry(row, ids);
}

async function readDeadDispatch(context: RequestContext, id: string): Promise<NodeType | null> {
  const { applicationId } = await requireScope(context, 'admin');
  const { database, ids } = context.parts;
  const row = await findDeadDispatch(database, applicationId, ids.decodeOne('dispatch', id) ?? 0);
  return row ? toDeadDispatch(row, ids) : null;
}

async function readVapidKey(context: RequestContext, id: string): Promise<NodeType | null> {
  const { applicationId } = await requireScope(context, 'admin');
  const keys = await vapidKeysOf(context, applicationId);
  return keys.find((key) => key.id === id) ?? null;
}
