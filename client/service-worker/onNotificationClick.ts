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
  const { actions = {}, navigate: page } = data.fanfare;
  // an action may be called "constructor"
  const navigate = Object.hasOwn(actions, event.action) ? actions[event.action] : page;
  // the page first: the right to open one expires soon after the click
  event.waitUntil(Promise.all([openPage(scope, navigate), sendReceipt(scope, data, 'CLICKED')]));
}
