import subscribeDocument from '../../schema/operations/subscribe.graphql';
import vapidPublicKeyDocument from '../../schema/operations/vapidPublicKey.graphql';
import { FanfareError } from './fanfareError';
import { obtainPushSubscription } from './obtainPushSubscription';
import { type ApiAddress, requestGraphql } from './requestGraphql';
import { remember, type SubscriptionMemory } from './subscriptionMemory';
import { hashSubject } from './userToken';

/** What the caller may say of a browser; what is left out keeps its value at the API. */
export interface SubscribeOptions {
  userId?: string;
  tags?: string[];
  locale?: string;
  timeZone?: string;
}

/** The API's answer to `subscribe`. */
export interface SubscribeResult {
  created: boolean;
  subscription: { id: string; userId: string | null; tags: string[] };
}

/**
 * Makes browser and API agree, whether or not anything changed: subscribes the browser to the current VAPID key where
 * it is not, and tells the API. Called by the page's `subscribe` and by the worker's `pushsubscriptionchange`.
 */
export async function renewSubscription(
  registration: ServiceWorkerRegistration,
  api: ApiAddress,
  memory: SubscriptionMemory,
  options: SubscribeOptions = {},
): Promise<SubscribeResult> {
  const { subscription, vapidPublicKey } = await obtainWithCurrentKey(registration, api);
  const wish = { ...options, applicationServerKey: vapidPublicKey };
  try {
    return await tell(api, memory, subscription, wish);
  } catch (error) {
    if (!(error instanceof FanfareError) || error.code !== 'ENDPOINT_NOT_ALLOWED') throw error;
    // the browser would offer the same endpoint for ever: a new subscription may be at another push service
    await subscription.unsubscribe();
    const { pushManager } = registration;
    return await tell(api, memory, await obtainPushSubscription(pushManager, vapidPublicKey), wish);
  }
}

/** An unchanged subscription is told no more often than this. */
const SYNC_EVERY_MS = 24 * 60 * 60 * 1000;

/** The same for a page load: an unchanged subscription of the same user, told within a day, is not told again. */
export async function syncSubscription(
  registration: ServiceWorkerRegistration,
  api: ApiAddress,
  memory: SubscriptionMemory,
): Promise<void> {
  const { subscription, vapidPublicKey } = await obtainWithCurrentKey(registration, api);
  const user = await hashSubject(api.userToken);
  // without a token there may be a user all the same, on pages where nobody asks who
  const isSameUser = user === undefined || user === memory.user;
  const isKnown = subscription.endpoint === memory.endpoint && isSameUser && !memory.isDetaching;
  const sinceSyncMs = Date.now() - (memory.syncedAt ?? 0);
  // negative after the clock was set back: then the time of the last sync is unknown
  if (isKnown && sinceSyncMs >= 0 && sinceSyncMs < SYNC_EVERY_MS) return;
  await tell(api, memory, subscription, { applicationServerKey: vapidPublicKey });
}

async function obtainWithCurrentKey(
  registration: ServiceWorkerRegistration,
  api: ApiAddress,
): Promise<{ subscription: PushSubscription; vapidPublicKey: string }> {
  // always fresh: a key kept in the browser would outlive its rotation unnoticed
  const { vapidPublicKey } = await requestGraphql<{ vapidPublicKey: string }>(api, vapidPublicKeyDocument);
  return {
    subscription: await obtainPushSubscription(registration.pushManager, vapidPublicKey),
    vapidPublicKey,
  };
}

/** Names the endpoint that went before, and writes the memory last: a page closed midway is healed by the next sync. */
async function tell(
  api: ApiAddress,
  memory: SubscriptionMemory,
  subscription: PushSubscription,
  // the key may be rotated between the two calls: the API is told which one the browser has
  options: SubscribeOptions & { applicationServerKey: string },
): Promise<SubscribeResult> {
  const { endpoint } = subscription;
  const replaces = memory.endpoint === endpoint ? undefined : memory.endpoint;
  const replacesAuth = replaces === undefined ? undefined : memory.auth;
  // whoever logged in since takes the browser over, which no logout from before may undo
  const namesUser = options.userId !== undefined || api.userToken !== undefined;
  const detachUser = (memory.isDetaching && !namesUser) || undefined;
  const input = {
    locale: ownLocale(),
    timeZone: ownTimeZone(),
    ...options,
    detachUser,
    subscription,
    replaces,
    replacesAuth,
  };
  const answer = await requestGraphql<{ subscribe: SubscribeResult }>(api, subscribeDocument, { input });
  const { tags } = answer.subscribe.subscription;
  const auth = subscription.toJSON().keys?.auth;
  const user = await hashSubject(api.userToken);
  await remember({ ...memory, endpoint, auth, tags, user, syncedAt: Date.now(), isDetaching: undefined });
  return answer.subscribe;
}

/** The browser's language, unless it is not a language tag (BCP 47), as `C` or `en-US@posix` on some systems. */
function ownLocale(): string | undefined {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0];
  } catch {
    return undefined;
  }
}

/** The browser's time zone, unless it does not know it (`Etc/Unknown`). */
function ownTimeZone(): string | undefined {
  try {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
