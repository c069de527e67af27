import { noteClick } from './clickedReceipts';
import { openPage } from './openPage';
import { isFanfares, type PushData } from './pushMessage';
import { sendReceipt } from './sendReceipt';

/**
 * `notificationclick`: closes the notification, opens the page of the action or of the body, and reports CLICKED. Those
 * that the app has shown itself are left to it.
 */
export function onNotificationClick(scope: ServiceWorkerGlobalScope, event: NotificationEvent): void {
  const data: PushData | null = event.notification.data;
  if (!isFanfares(data)) return;
  noteClick(data);
  event.notification.close();
  const navigate = data.fanfare.actions?.[event.action] ?? data.fanfare.navigate;
  // the page first: the right to open one expires soon after the click
  event.waitUntil(Promise.all([openPage(scope, navigate), sendReceipt(scope, data, 'CLICKED')]));
}
