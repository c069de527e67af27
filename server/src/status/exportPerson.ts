import { toBuffer } from '../database/entities/columns';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { deliveryStatuses } from '../model/deliveryStatus';
import { forgottenContent, readStoredContent } from '../model/notificationContent';
import type { PublicIds } from '../model/publicIds';
import { deliveryHistory } from './deliveryHistory';
import type { DeliveryRow } from './listDeliveries';
import { findTags } from './pushSubscriptionRows';

const pageSize = 500;
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

type ExportedDelivery = DeliveryRow & { sentAt: number | null; content: string };

/** Of a notification that is purged at this moment. */
const unknown = { sentAt: null, content: forgottenContent };

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
    rows.map((row) => row.id),
  );
  const deliveries = found.slice(0, maxDeliveries).map((row) => toExport(row, ids));
  return { userId, pushSubscriptions, deliveries, complete: found.length <= maxDeliveries };
}

/** Newest first, one more than an answer has room for, so that it can say whether that was all. */
async function deliveriesTo(database: Database, subscriptionIds: number[]): Promise<ExportedDelivery[]> {
  const found: ExportedDelivery[] = [];
  while (found.length <= maxDeliveries) {
    const first = Math.min(pageSize, maxDeliveries + 1 - found.length);
    const rows = await deliveryHistory(database, subscriptionIds, { first, after: found.at(-1) });
    const sent = await contentsOf(database, rows);
    for (const row of rows) found.push({ ...row, ...(sent.get(row.notificationId) ?? unknown) });
    if (rows.length < first) break;
  }
  return found;
}

async function contentsOf(
  database: Database,
  rows: readonly DeliveryRow[],
): Promise<Map<number, { sentAt: number | null; content: string }>> {
  if (rows.length === 0) return new Map();
  const found = await database.sql.rows<{ id: number; sentAt: number; content: string }>(
    `SELECT id, createdAt AS sentAt, content FROM notification WHERE id IN (${idList(rows.map((row) => row.notificationId))})`,
  );
  return new Map(found.map(({ id, sentAt, content }) => [id, { sentAt, content }]));
}

function toExport(row: ExportedDelivery, ids: PublicIds): Record<string, unknown> {
  return {
    notification: ids.encode('notification', row.notificationId),
    subscription: ids.encode('subscription', row.subscriptionId),
    content: readStoredContent(row.content),
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
