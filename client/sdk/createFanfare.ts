/**
 * The SDK's one object. A page's wish enters (subscribe, unsubscribe, sync); browser, service worker and API leave it
 * agreeing on one push subscription. May fail with FanfareError and nothing else. Called by frontend apps and by
 * client/react; framework-free.
 */
import unsubscribeDocument from '../../schema/operations/unsubscribe.graphql';
import { askPermission } from './askPermission';
import { type FanfareState, readState, readStateNow } from './fanfareState';
import { findRegistration, registerWorker, resolveWorker } from './registerWorker';
import {
  renewSubscription,
  type SubscribeOptions,
  type SubscribeResult,
  syncSubscription,
} from './renewSubscription';
import { type ApiAddress, requestGraphql } from './requestGraphql';
import { createStateObservable } from './stateObservable';
import { recall, remember, type SubscriptionMemory } from './subscriptionMemory';

/** How to reach the API: `url` of its /graphql, a publishable `key`, and the proof of the signed-in user if any. */
export interface FanfareOptions {
  url: string;
  key: string;
  /** The JWT for `X-Fanfare-User`, made by your back end; asked again for every call. */
  getUserToken?: () => string | undefined | Promise<string | undefined>;
  /** Same-origin script (default `/sdk/fanfare-sw.js`) and scope (default the script's folder). */
  serviceWorker?: { url?: string; scope?: string };
}

/** What createFanfare answers. Every promise rejects with FanfareError only. */
export interface Fanfare {
  readonly state: FanfareState;
  readonly permission: NotificationPermission | 'unsupported';
  getState(): FanfareState;
  /** Calls back after each change of state; answers the way to stop. */
  subscribeToState(listener: () => void): () => void;
  /** Asks the person if need be and subscribes this browser; call it straight from a click handler. Idempotent. */
  subscribe(options?: SubscribeOptions): Promise<SubscribeResult>;
  /** Ends the subscription in the browser first, so that it ends offline too; false when the API knew none. */
  unsubscribe(): Promise<boolean>;
  /** Heals a lost or re-keyed subscription of somebody who had subscribed; for each page load. Never prompts. */
  sync(): Promise<FanfareState>;
}

/** Makes the SDK object for one API, key and service worker scope. Does nothing on the network yet. */
export function createFanfare(options: FanfareOptions): Fanfare {
  const worker = resolveWorker(options.serviceWorker);
  const api = { url: new URL(options.url, location.href).href, key: options.key };
  const state = createStateObservable(readStateNow());
  const inTurn = createTurns();

  const refresh = async () => state.set(await readState(worker.scope).catch(readStateNow));
  const address = async (): Promise<ApiAddress> => ({ ...api, userToken: await options.getUserToken?.() });
  const memoryOf = async (): Promise<SubscriptionMemory> => ({
    ...(await recall(worker.scope)),
    ...api,
    scope: worker.scope,
  });

  const subscribe = async (wish: SubscribeOptions) => {
    const registration = await registerWorker(worker);
    const memory = await memoryOf();
    await remember(memory);
    return await renewSubscription(registration, await address(), memory, wish);
  };
  const unsubscribe = async () => {
    const { endpoint: told, ...memory } = await memoryOf();
    const subscription = await (await findRegistration(worker.scope))?.pushManager.getSubscription();
    await subscription?.unsubscribe();
    await remember(memory);
    const endpoint = subscription?.endpoint ?? told;
    return endpoint ? await tellUnsubscribed(await address(), endpoint) : false;
  };
  const sync = async () => {
    const memory = await memoryOf();
    if (readStateNow() !== 'unsubscribed' || !memory.endpoint) return;
    await syncSubscription(await registerWorker(worker), await address(), memory);
  };

  void refresh();
  watchPermission(refresh);
  return {
    get state() {
      return state.get();
    },
    get permission() {
      return 'Notification' in globalThis ? Notification.permission : 'unsupported';
    },
    getState: state.get,
    subscribeToState: state.subscribe,
    subscribe: (wish = {}) =>
      askPermission()
        .then(() => inTurn(() => subscribe(wish)))
        .finally(refresh),
    unsubscribe: () => inTurn(unsubscribe).finally(refresh),
    sync: () => inTurn(sync).finally(refresh).then(state.get),
  };
}

async function tellUnsubscribed(api: ApiAddress, endpoint: string): Promise<boolean> {
  const answer = await requestGraphql<{ unsubscribe: { unsubscribed: boolean } }>(api, unsubscribeDocument, {
    endpoint,
  });
  return answer.unsubscribe.unsubscribed;
}

/** Runs acts one after the other: a sync at page load must not cross a click on "subscribe". */
function createTurns(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act, act);
    last = turn;
    return turn;
  };
}

/** The person may change the permission in the browser's own settings, with the page open. */
async function watchPermission(refresh: () => void): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: 'notifications' });
    status.addEventListener('change', refresh);
  } catch {
    // no permissions API, or not for notifications: the next call tells
  }
}
