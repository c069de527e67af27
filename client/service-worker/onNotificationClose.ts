import { sendReceipt } from './sendReceipt';

/** `notificationclose`: the person swept the notification away. A hint only: iOS never says so. */
export function onNotificationClose(event: NotificationEvent): void {
  event.waitUntil(sendReceipt(event.notification.data, 'DISMISSED'));
}
