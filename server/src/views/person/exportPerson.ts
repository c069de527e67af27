import { toBuffer } from '../../database/entities/columns';
import { notificationsMentioningUser } from '../../database/notificationsMentioningUser';
import type { Database } from '../../database/openDatabase';
import { idList } from '../../database/sql';
import type { Audience } from '../../model/audience';
import type { PublicIds } from '../../model/ids/publicIds';
import { readStoredContent } from '../../model/notificationContent';
import { instant } from '../instant';
import { findTags } from '../pushSubscription/pushSubscriptionRows';
import { personDeliveries } from './personDeliveries';

/** An answer has an end; what is left out is the oldest. */
const maxDeliveries = 10_000;
const maxNotifications = 10_000;

interface SubscriptionRow {
  id: number;
  userId: string;
  userSince: number;
  pushService: string;
  endpointHash: ArrayBuffer | Buffer;
  locale: string | null;
  timeZone: string | null;
  expirationTime: number | null;
  createdAt: number;
  lastSeenAt: number;
  verifiedAt: number | null;
  welcomedAt: number | null;
  neverAcceptedSince: number | null;
  sendsWithoutAccept: number;
  retiredAt: number | null;
  retiredReason: string | null;
}

interface ExportDeps {
  readonly database: Database;
  readonly ids: PublicIds;
}

/**
 * Everything kept about one user of an application, as plain JSON (GDPR article 15 and 20): push subscriptions, what
 * was sent to them since they are the user's, and the notifications that name the user, whether or not there was a browser to send them to. In
 * place of the endpoint and its keys, which are a capability, stands the SHA-256 of the endpoint.
 */
export async function exportPerson(
  parts: ExportDeps,
  applicationId: number,
  userId: string,
): Promise<Record<string, unknown>> {
  const rows = await parts.database.sql.rows<SubscriptionRow>(
    `SELECT id, userId, userSince, pushService, endpointHash, locale, timeZone, expirationTime, createdAt, lastSeenAt,
       verifiedAt, welcomedAt, neverAcceptedSince, sendsWithoutAccept, retiredAt, retiredReason
     FROM push_subscription WHERE applicationId = ? AND userId = ? ORDER BY id`,
    [applicationId, userId],
  );
  const pushSubscriptions = await exportSubscriptions(parts, rows);
  // one more than there is room for tells whether that was all
  const deliveries = await personDeliveries(parts, rows, maxDeliveries + 1);
  const namedIn = await notificationsFor(parts, applicationId, userId);
  return {
    userId,
    pushSubscriptions,
    deliveries: deliveries.slice(0, maxDeliveries),
    namedIn: namedIn.slice(0, maxNotifications),
    complete: deliveries.length <= maxDeliveries && namedIn.length <= maxNotifications,
  };
}

async function exportSubscriptions(
  { database, ids }: ExportDeps,
  rows: readonly SubscriptionRow[],
): Promise<Array<Record<string, unknown>>> {
  const tags = await findTags(
    database,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: ids.encode('subscription', row.id),
    pushService: row.pushService,
    locale: row.locale,
    timeZone: row.timeZone,
    endpointSha256: toBuffer(row.endpointHash).toString('hex'),
    tags: tags.get(row.id) ?? [],
    // as the browser gave it: it may lie beyond what a date can say
    expirationTime: row.expirationTime,
    createdAt: instant(row.createdAt),
    userSince: instant(row.userSince),
    lastSeenAt: instant(row.lastSeenAt),
    verifiedAt: instant(ofUser(row.verifiedAt, row)),
    welcomedAt: instant(ofUser(row.welcomedAt, row)),
    neverAcceptedSince: instant(row.neverAcceptedSince),
    sendsWithoutAccept: row.sendsWithoutAccept,
    retiredAt: instant(row.retiredAt),
    retiredReason: row.retiredReason,
  }));
}

/** What happened before the browser was the user's is left out. */
function ofUser(at: number | null, { userSince }: SubscriptionRow): number | null {
  return at !== null && at >= userSince ? at : null;
}

/** The notifications that name the user, newest first, one more than there is room for. */
async function notificationsFor(
  { database, ids }: ExportDeps,
  applicationId: number,
  userId: string,
): Promise<Array<Record<string, unknown>>> {
  const found: Array<Record<string, unknown>> = [];
  for await (const some of notificationsMentioningUser(database, applicationId, userId)) {
    if (some.length === 0) continue;
    const rows = await database.sql.rows<{
      id: number;
      audience: string;
      content: string;
      createdAt: number;
    }>(
      `SELECT id, audience, content, createdAt FROM notification WHERE id IN (${idList(some)}) ORDER BY id DESC`,
    );
    for (const { id, audience, content, createdAt } of rows) {
      if (!(JSON.parse(audience) as Audience).userIds?.includes(userId)) continue;
      found.push({
        notification: ids.encode('notification', id),
        content: readStoredContent(content),
        sentAt: instant(createdAt),
      });
    }
    if (found.length > maxNotifications) break;
  }
  return found;
}
