import { sendReceipt } from './sendReceipt';

/** `notificationclose`: the person swept the notification away. A hint only: iOS never says so. */
export function onNotificationClose(scope: ServiceWorkerGlobalScope, event: NotificationEvent): void {
  event.waitUntil(report(scope.registration, event.notification));
}

/** Firefox also fires the event when a push of the same tag took the place: nobody dismissed anything then. */
async function report(registration: ServiceWorkerRegistration, closed: Notification): Promise<void> {
  const successors = closed.tag ? await registration.getNotifications({ tag: closed.tag }) : [];
  if (successors.length === 0) await sendReceipt(closed.data, 'DISMISSED');
}
