import type { Database } from '../../database/openDatabase';
import { idList, type SqlValue } from '../../database/sql';
import type { NotificationStatus } from '../../model/notificationStatus';
import { cutPage, type Page, type PageRequest } from '../page';
import { type NotificationRow, notificationColumns } from './notificationRow';

/** Whose notifications somebody may see: an application's, or only those that one key sent. */
export interface NotificationView {
  readonly applicationId: number;
  readonly apiKeyId?: number | undefined;
}

/** A page of notifications, newest first; `after` is a notification id. */
export async function listNotifications(
  database: Database,
  view: NotificationView,
  page: PageRequest,
  status?: NotificationStatus,
): Promise<Page<NotificationRow>> {
  const { where, values } = seenBy(view);
  if (status !== undefined) {
    where.push('status = ?');
    values.push(status);
  }
  if (page.after !== undefined) {
    where.push('id < ?');
    values.push(page.after);
  }
  const rows = await database.sql.rows<NotificationRow>(
    `SELECT ${notificationColumns} FROM notification WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${page.first + 1}`,
    values,
  );
  return cutPage(rows, page);
}

/** One notification; undefined when there is none that the viewer may see. */
export async function findNotification(
  database: Database,
  view: NotificationView,
  notificationId: number,
): Promise<NotificationRow | undefined> {
  const { where, values } = seenBy(view);
  const [row] = await database.sql.rows<NotificationRow>(
    `SELECT ${notificationColumns} FROM notification WHERE ${where.join(' AND ')} AND id = ?`,
    [...values, notificationId],
  );
  return row;
}

/** These notifications, in one query; the caller has checked that they may be seen. */
export async function findNotifications(
  database: Database,
  notificationIds: readonly number[],
): Promise<Map<number, NotificationRow>> {
  if (notificationIds.length === 0) return new Map();
  const rows = await database.sql.rows<NotificationRow>(
    `SELECT ${notificationColumns} FROM notification WHERE id IN (${idList([...new Set(notificationIds)])})`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function seenBy(view: NotificationView): { where: string[]; values: SqlValue[] } {
  const where = ['applicationId = ?'];
  const values: SqlValue[] = [view.applicationId];
  if (view.apiKeyId !== undefined) {
    where.push('apiKeyId = ?');
    values.push(view.apiKeyId);
  }
  return { where, values };
}
