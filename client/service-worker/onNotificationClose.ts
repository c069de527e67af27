import { takeClick } from './clickedReceipts';
import { isFanfares, type PushData } from './pushMessage';
import { sendReceipt } from './sendReceipt';

/** Chromium tells when a notification was made, Firefox does not. */
type DatedNotification = Notification & { readonly timestamp?: number };

/** Firefox takes its own alerts away after 20 seconds, desktops theirs after 5 or 10: whoever is faster was a person. */
const NO_BROWSER_CLOSES_WITHIN_MS = 4_000;

/** `notificationclose`: the person swept one of Fanfare's notifications away. A hint only: iOS never says so. */
export function onNotificationClose(scope: ServiceWorkerGlobalScope, event: NotificationEvent): void {
  const data: PushData | null = event.notification.data;
  // Firefox fires the event after every click too, right away
  if (isFanfares(data) && !takeClick(data)) event.waitUntil(report(scope, event.notification));
}

/** Firefox also fires the event when nobody dismissed anything, which the others do not. */
async function report(scope: ServiceWorkerGlobalScope, closed: DatedNotification): Promise<void> {
  const isFirefox = scope.navigator.userAgent.includes('Firefox/');
  if (isFirefox && hasTimedOut(closed)) return;
  if (!(await isReplaced(scope, closed))) await sendReceipt(scope, closed.data, 'DISMISSED');
}

/** Whether it may have gone by itself. One that waits for the person cannot, where Firefox knows that: on Windows. */
function hasTimedOut(closed: Notification): boolean {
  const data: PushData | null = closed.data;
  return (
    !closed.requireInteraction &&
    Math.abs(Date.now() - (data?.fanfare?.shownAt ?? 0)) > NO_BROWSER_CLOSES_WITHIN_MS
  );
}

/** Whether a push of the same tag took the place. */
async function isReplaced(
  scope: ServiceWorkerGlobalScope,
  { tag, timestamp }: DatedNotification,
): Promise<boolean> {
  const shown: DatedNotification[] = tag ? await scope.registration.getNotifications({ tag }) : [];
  // Chromium may still list the closed one itself
  return shown.some((other) => other.timestamp === undefined || other.timestamp !== timestamp);
}
