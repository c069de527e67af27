import { Notification } from '../../database/entities/notification';
import { idList, type Sql } from '../../database/sql';
import type { Audience } from '../../model/audience';
import type { Lane } from '../../model/lane';
import { type NotificationContent, readStoredContent } from '../../model/notificationContent';
import type { Urgency } from '../../model/urgency';

/** What a notification row leaves out because it can be large, or is seldom asked for. */
export interface NotificationDetails {
  readonly id: number;
  /** Null once it was forgotten. */
  readonly content: NotificationContent | null;
  readonly audience: Audience;
  readonly lane: Lane;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string | null;
  /** When its audience is to be expanded; null once every delivery row exists. */
  readonly expandDueAt: number | null;
  /** The last subscription id that expansion has passed. */
  readonly expandCursor: number;
  /** Null once the key's row is gone. */
  readonly apiKeyName: string | null;
}

const columns = [
  'content',
  'audience',
  'lane',
  'ttlSeconds',
  'urgency',
  'topic',
  'expandDueAt',
  'expandCursor',
] satisfies Array<keyof Notification>;

/** The details of a page of notifications, in one query. */
export async function readNotificationDetails(
  sql: Sql,
  notificationIds: readonly number[],
): Promise<Map<number, NotificationDetails>> {
  if (notificationIds.length === 0) return new Map();
  const rows = await sql.rows<NotificationDetails & { content: string; audience: string }>(
    `SELECT n.id, ${columns.map((name) => `n.${name}`).join(', ')}, k.name AS apiKeyName
     FROM notification n LEFT JOIN api_key k ON k.id = n.apiKeyId WHERE n.id IN (${idList(notificationIds)})`,
  );
  return new Map(
    rows.map((row) => [
      row.id,
      { ...row, content: readStoredContent(row.content), audience: JSON.parse(row.audience) },
    ]),
  );
}
