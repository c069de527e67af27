/**
 * The service worker's door. Push events and clicks enter; notifications, opened pages and receipts leave. Nothing it
 * does may throw: a push that shows nothing costs the subscription. Called once by the built fanfare-sw.js, or by an
 * app's own service worker, which then keeps its own install and activate.
 */
import { sendKeptReceipts } from '../sdk/keptReceipts';
import { onNotificationClick } from './onNotificationClick';
import { onNotificationClose } from './onNotificationClose';
import { onPush } from './onPush';
import { onPushSubscriptionChange } from './onPushSubscriptionChange';
import { onSync, type SyncEvent } from './onSync';

/**
 * Lets Fanfare answer this worker's push, notificationclick, notificationclose and pushsubscriptionchange, and send
 * receipts that had to wait at its sync and activate.
 */
export function attachFanfare(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('push', (event) => onPush(scope, event));
  scope.addEventListener('notificationclick', (event) => onNotificationClick(scope, event));
  scope.addEventListener('notificationclose', (event) => onNotificationClose(scope, event));
  scope.addEventListener('pushsubscriptionchange', (event) => onPushSubscriptionChange(scope, event));
  scope.addEventListener('sync', (event) => onSync(scope, event as SyncEvent));
  // not waited for: the app's fetch events are held back until the worker is active
  scope.addEventListener('activate', () => void sendKeptReceipts(scope.registration.scope));
}
