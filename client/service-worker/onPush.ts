import type { DeclarativePushEvent, PushMessage, ShownOptions } from './pushMessage';
import { readPushMessage } from './readPushMessage';
import { sendReceipt } from './sendReceipt';
import { setAppBadge } from './setAppBadge';

/**
 * `push`: shows a notification whatever came (browsers revoke the subscription of a worker that does not), then sends
 * the DISPLAYED receipt. All of it inside one waitUntil.
 */
export function onPush(scope: ServiceWorkerGlobalScope, event: PushEvent): void {
  event.waitUntil(showAndReport(scope, event));
}

async function showAndReport(scope: ServiceWorkerGlobalScope, event: DeclarativePushEvent): Promise<void> {
  const message = readPushMessage(event, new URL(scope.registration.scope).host);
  setAppBadge(scope.navigator, message.appBadge);
  message.options.data.fanfare.shownAt = Date.now();
  await show(scope.registration, message);
  await sendReceipt(scope, message.options.data, 'DISPLAYED');
}

async function show(registration: ServiceWorkerRegistration, message: PushMessage): Promise<void> {
  const { title, options } = message;
  try {
    await registration.showNotification(title, options);
  } catch (error) {
    // options this browser refuses, such as renotify without tag: the text still reaches the person
    if (!(error instanceof TypeError)) throw error;
    const { body = '', tag = '', navigate, data } = options;
    // the URL stays, for Safari shows nothing without it
    const plain: ShownOptions = { body: String(body), tag: String(tag), data, ...(navigate && { navigate }) };
    await registration.showNotification(title, plain);
  }
}
