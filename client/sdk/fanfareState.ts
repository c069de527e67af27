import { findRegistration } from './registerWorker';
import { recall } from './subscriptionMemory';

/**
 * Where this browser stands: no Web Push at all, an iPhone or iPad whose page must first be added to the Home Screen,
 * the person not yet asked, the person said no, subscribed here and known to the API, or allowed but not subscribed.
 */
export type FanfareState =
  | 'unsupported'
  | 'needs-install'
  | 'prompt'
  | 'denied'
  | 'subscribed'
  | 'unsubscribed';

/** The state as far as it can be told without waiting. */
export function readStateNow(): FanfareState {
  // a server that renders the page
  if (typeof navigator === 'undefined') return 'unsupported';
  if (isHomeScreenMissing()) return 'needs-install';
  if (!isPushSupported()) return 'unsupported';
  if (Notification.permission === 'default') return 'prompt';
  return Notification.permission === 'denied' ? 'denied' : 'unsubscribed';
}

/** The whole state: a browser is subscribed when it holds the very endpoint that the API was told. */
export async function readState(scope: string): Promise<FanfareState> {
  const state = readStateNow();
  if (state !== 'unsubscribed') return state;
  const [registration, memory] = await Promise.all([findRegistration(scope), recall(scope)]);
  const subscription = await registration?.pushManager.getSubscription();
  return subscription && subscription.endpoint === memory?.endpoint ? 'subscribed' : 'unsubscribed';
}

function isPushSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
}

/** iOS and iPadOS: in a Safari tab `Notification` is missing, and `standalone` says that it is a tab. */
function isHomeScreenMissing(): boolean {
  return 'standalone' in navigator && navigator.standalone === false && !('Notification' in globalThis);
}
