import type { Notification } from '../../database/entities/notification';

const columns = [
  'id',
  'applicationId',
  'apiKeyId',
  'status',
  'createdAt',
  'sendAt',
  'expiresAt',
  'completedAt',
  'targeted',
  'accepted',
  'gone',
  'rejected',
  'expired',
  'exhausted',
  'cancelled',
  'displayed',
  'clicked',
  'dismissed',
] as const satisfies ReadonlyArray<keyof Notification>;

/** What is told of a notification: everything but its content and its audience, which can be large. */
export type NotificationRow = Pick<Notification, (typeof columns)[number]>;

/** For a SELECT over `notification`. */
export const notificationColumns = columns.join(', ');
