import notificationDocument from '../../schema/operations/notification.graphql';
import sendToUserDocument from '../../schema/operations/sendToUser.graphql';
import { type ApiAddress, requestGraphql } from '../sdk/requestGraphql';

/** One browser's part of a sent notification, as far as the page shows it. */
export interface SentDelivery {
  id: string;
  status: string;
  pushService: string;
  reason: string | null;
  acceptedAt: string | null;
  displayedAt: string | null;
  clickedAt: string | null;
  dismissedAt: string | null;
}

/** A sent notification's progress and deliveries. */
export interface SentNotification {
  id: string;
  status: string;
  progress: Record<'targeted' | 'pending' | 'accepted' | 'displayed' | 'clicked' | 'dismissed', number>;
  deliveries: { edges: { node: SentDelivery }[] };
}

/** Sends to all browsers of one user; answers the notification's id. */
export async function sendToUser(
  api: ApiAddress,
  userId: string,
  title: string,
  body: string,
): Promise<string> {
  const icon = new URL('icon-192.png', location.href).href;
  const content = { title, body, icon, navigate: location.href };
  const variables = { userIds: [userId], content, urgency: 'HIGH' };
  type Answer = { sendNotification: { notification: { id: string } } };
  return (await requestGraphql<Answer>(api, sendToUserDocument, variables)).sendNotification.notification.id;
}

/** What the API knows of a notification now. */
export async function readNotification(api: ApiAddress, id: string): Promise<SentNotification | null> {
  type Answer = { notification: SentNotification | null };
  return (await requestGraphql<Answer>(api, notificationDocument, { id })).notification;
}

/** The one word for a notification sent to oneself: the furthest that any browser got. */
export function describeSent({ status, progress, deliveries }: SentNotification): string {
  if (progress.clicked > 0) return 'clicked';
  if (progress.dismissed > 0) return 'dismissed';
  if (progress.displayed > 0) return 'displayed';
  if (progress.accepted > 0) return 'accepted';
  if (progress.pending > 0 || status === 'SENDING') return 'sending';
  return deliveries.edges[0]?.node.status.toLowerCase() ?? 'nobody';
}
