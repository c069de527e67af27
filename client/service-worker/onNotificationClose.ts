import { takeClick } from './clickedReceipts';
import { sendReceipt } from './sendReceipt';

/** Chromium tells when a notification was made, Firefox does not. */
type DatedNotification = Notification & { readonly timestamp?: number };

/** `notificationclose`: the person swept the notification away. A hint only: iOS never says so. */
export function onNotificationClose(scope: ServiceWorkerGlobalScope, event: NotificationEvent): void {
  // Firefox fires the event after every click too, right away
  if (!takeClick(event.notification.data)) event.waitUntil(report(scope, event.notification));
}

/** Firefox also fires the event when a push of the same tag took the place: nobody dismissed anything then. */
async function report(scope: ServiceWorkerGlobalScope, closed: DatedNotification): Promise<void> {
  const { tag, data } = closed;
  const shown: DatedNotification[] = tag ? await scope.registration.getNotifications({ tag }) : [];
  // Chromium may still list the closed one itself
  const isReplaced = shown.some(({ timestamp }) => timestamp === undefined || timestamp !== closed.timestamp);
  if (!isReplaced) await sendReceipt(scope, data, 'DISMISSED');
}
