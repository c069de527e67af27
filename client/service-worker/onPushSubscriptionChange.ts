import { inTurn } from '../sdk/inTurn';
import { renewSubscription } from '../sdk/renewSubscription';
import { recall } from '../sdk/subscriptionMemory';

/**
 * `pushsubscriptionchange`: the browser dropped the subscription. Subscribes again without the page and tells the API
 * which endpoint the new one replaces, so that user and tags move along. Whoever unsubscribed meanwhile stays so,
 * whatever the event says. A failure is healed by the page's next sync.
 */
export function onPushSubscriptionChange(scope: ServiceWorkerGlobalScope, event: ExtendableEvent): void {
  event.waitUntil(inTurn(scope.registration.scope, () => renew(scope)));
}

async function renew(scope: ServiceWorkerGlobalScope): Promise<void> {
  const memory = await recall(scope.registration.scope);
  if (!memory?.endpoint) return;
  const { url, key } = memory;
  await renewSubscription(scope.registration, { url, key }, memory);
}
