import { toBuffer } from '../database/entities/columns';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { deliveryStatuses } from '../model/deliveryStatus';
import type { PublicIds } from '../model/publicIds';
import { findTags } from './pushSubscriptionRows';

const stepNotifications = 500;
/** An answer has an end; what is left out is the oldest. */
const maxDeliveries = 10_000;

interface SubscriptionRow {
  id: number;
  pushService: string;
  endpointHash: ArrayBuffer | Buffer;
  locale: string | null;
  timeZone: string | null;
  createdAt: number;
  lastSeenAt: number;
  retiredAt: number | null;
}

interface DeliveryRow {
  notificationId: number;
  subscriptionId: number;
  status: number;
  acceptedAt: number | null;
  displayedAt: number | null;
  clickedAt: number | null;
  dismissedAt: number | null;
  sentAt: number;
  content: string;
}

/**
 * Everything kept about one user of an application, as plain JSON (GDPR article 15 and 20): push subscriptions, with
 * the SHA-256 of the endpoint in place of the endpoint, which is a capability, and what was sent to them.
 */
export async function exportPerson(
  parts: { database: Database; ids: PublicIds },
  applicationId: number,
  userId: string,
): Promise<Record<string, unknown>> {
  const { database, ids } = parts;
  const rows = await database.sql.rows<SubscriptionRow>(
    `SELECT id, pushService, endpointHash, locale, timeZone, createdAt, lastSeenAt, retiredAt
     FROM push_subscription WHERE applicationId = ? AND userId = ? ORDER BY id`,
    [applicationId, userId],
  );
  const tags = await findTags(
    database,
    rows.map((row) => row.id),
  );
  const pushSubscriptions = rows.map(({ id, endpointHash, createdAt, lastSeenAt, retiredAt, ...row }) => ({
    id: ids.encode('subscription', id),
    ...row,
    endpointSha256: toBuffer(endpointHash).toString('hex'),
    tags: tags.get(id) ?? [],
    createdAt: instant(createdAt),
    lastSeenAt: instant(lastSeenAt),
    retiredAt: instant(retiredAt),
  }));
  const found = await deliveriesTo(
    database,
    applicationId,
    rows.map((row) => row.id),
  );
  const deliveries = found.slice(0, maxDeliveries).map((row) => toExport(row, ids));
  return { userId, pushSubscriptions, deliveries, complete: found.length <= maxDeliveries };
}

/** Newest first. Deliveries are found by their notification, so all of the application's are gone through. */
async function deliveriesTo(
  database: Database,
  applicationId: number,
  subscriptionIds: number[],
): Promise<DeliveryRow[]> {
  const found: DeliveryRow[] = [];
  if (subscriptionIds.length === 0) return found;
  for (let before = Number.MAX_SAFE_INTEGER; found.length <= maxDeliveries; ) {
    const page = await database.sql.rows<{ id: number }>(
      `SELECT id FROM notification WHERE applicationId = ? AND id < ? ORDER BY id DESC LIMIT ${stepNotifications}`,
      [applicationId, before],
    );
    const last = page.at(-1);
    if (last === undefined) break;
    before = last.id;
    found.push(
      ...(await database.sql.rows<DeliveryRow>(
        `SELECT d.notificationId, d.subscriptionId, d.status, d.acceptedAt, d.displayedAt, d.clickedAt, d.dismissedAt,
                n.createdAt AS sentAt, n.content
         FROM notification n JOIN delivery d ON d.notificationId = n.id
         WHERE n.id IN (${idList(page.map((row) => row.id))}) AND d.subscriptionId IN (${idList(subscriptionIds)})
         ORDER BY n.id DESC, d.subscriptionId`,
      )),
    );
  }
  return found;
}

function toExport(row: DeliveryRow, ids: PublicIds): Record<string, unknown> {
  return {
    notification: ids.encode('notification', row.notificationId),
    subscription: ids.encode('subscription', row.subscriptionId),
    content: JSON.parse(row.content),
    status: deliveryStatuses[row.status],
    sentAt: instant(row.sentAt),
    acceptedAt: instant(row.acceptedAt),
    displayedAt: instant(row.displayedAt),
    clickedAt: instant(row.clickedAt),
    dismissedAt: instant(row.dismissedAt),
  };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
