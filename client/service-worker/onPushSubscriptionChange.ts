import { inTurn } from '../sdk/inTurn';
import { renewSubscription } from '../sdk/renewSubscription';
import { recall } from '../sdk/subscriptionMemory';

/** The event as Firefox 137 and later fill it in; elsewhere both members are null. */
export interface PushSubscriptionChangeEvent extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

/**
 * `pushsubscriptionchange`: the browser dropped the subscription. Subscribes again without the page and tells the API
 * which endpoint the new one replaces, so that user and tags move along. A failure is healed by the page's next sync.
 */
export function onPushSubscriptionChange(
  scope: ServiceWorkerGlobalScope,
  event: PushSubscriptionChangeEvent,
): void {
  const act = () => renew(scope, event.oldSubscription?.endpoint);
  event.waitUntil(inTurn(scope.registration.scope, act));
}

async function renew(scope: ServiceWorkerGlobalScope, lostEndpoint: string | undefined): Promise<void> {
  const memory = await recall(scope.registration.scope);
  const endpoint = memory?.endpoint ?? lostEndpoint;
  if (!memory || !endpoint) return;
  const { url, key } = memory;
  await renewSubscription(scope.registration, { url, key }, { ...memory, endpoint });
}
