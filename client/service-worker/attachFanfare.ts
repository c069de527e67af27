/**
 * The service worker's door. Push events and clicks enter; notifications, opened pages and receipts leave. Nothing it
 * does may throw: a push that shows nothing costs the subscription. Called once by the built fanfare-sw.js, or by an
 * app's own service worker, which then keeps its own install and activate.
 */
import { onNotificationClick } from './onNotificationClick';
import { onNotificationClose } from './onNotificationClose';
import { onPush } from './onPush';
import { onPushSubscriptionChange } from './onPushSubscriptionChange';

/** Lets Fanfare answer this worker's push, notificationclick, notificationclose and pushsubscriptionchange. */
export function attachFanfare(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('push', (event) => onPush(scope, event));
  scope.addEventListener('notificationclick', (event) => onNotificationClick(scope, event));
  scope.addEventListener('notificationclose', (event) => onNotificationClose(scope, event));
  scope.addEventListener('pushsubscriptionchange', (event) => onPushSubscriptionChange(scope, event));
}
