/**
 * The SDK's one object. A page's wish enters (subscribe, set tags, detach, unsubscribe, sync); browser, service worker and API leave it
 * agreeing on one push subscription. May fail with FanfareError and nothing else. Called by frontend apps and by
 * client/react; framework-free.
 */
import unsubscribeDocument from '../../schema/operations/unsubscribe.graphql';
import { askPermission } from './askPermission';
import { takeClickedPage } from './clickedPage';
import { FanfareError } from './fanfareError';
import { type FanfareState, readState, readStateNow } from './fanfareState';
import { inTurn } from './inTurn';
import { sendKeptReceipts } from './keptReceipts';
import {
  findRegistration,
  pageUrl,
  registerWorker,
  resolveWorker,
  type WorkerOptions,
} from './registerWorker';
import {
  renewSubscription,
  type SubscribeOptions,
  type SubscribeResult,
  syncSubscription,
} from './renewSubscription';
import { type ApiAddress, requestGraphql } from './requestGraphql';
import { createSoftPrompt, type SoftPrompt, type SoftPromptOptions } from './softPrompt';
import { createStateObservable } from './stateObservable';
import { recall, remember, type SubscriptionMemory } from './subscriptionMemory';
import { askUserToken, type GetUserToken } from './userToken';
import { watchPermission, watchView } from './watchBrowser';

/** How to reach the API: `url` of its /graphql, a publishable `key`, and the proof of the signed-in user if any. */
export interface FanfareOptions {
  url: string;
  key: string;
  /** The JWT for `X-Fanfare-User`, made by your back end; asked again for every call that names a user. */
  getUserToken?: GetUserToken;
  /**
   * How to go to the page of a clicked notification where the browser opened another one (iOS): for an app with a
   * router. `location.assign` by default.
   */
  navigate?: (url: string) => void;
  /**
   * Same-origin script (default `/sdk/fanfare-sw.js`), scope (default the script's folder), and `type: 'module'` for an
   * ES module. A page with `require-trusted-types-for 'script'` gives a `TrustedScriptURL`. A worker of your own that is
   * registered already is used as it is.
   */
  serviceWorker?: WorkerOptions;
}

/** The tags that a browser shall have, or how they follow from those that the API answered last. */
export type TagChange = string[] | ((tags: string[]) => string[]);

/** What createFanfare answers. Every promise rejects with FanfareError only. */
export interface Fanfare {
  readonly state: FanfareState;
  readonly permission: NotificationPermission | 'unsupported';
  getState(): FanfareState;
  /** Calls back with the new state after each change; answers the way to stop. */
  subscribeToState(listener: (state: FanfareState) => void): () => void;
  /** Asks the person if need be and subscribes this browser; call it straight from a click handler. Idempotent. */
  subscribe(options?: SubscribeOptions): Promise<SubscribeResult>;
  /** Ends the subscription in the browser first, so that it ends offline too; false when the API knew none. */
  unsubscribe(): Promise<boolean>;
  /**
   * Replaces all tags of this browser, by a function where they depend on those there are: it is called once other calls
   * are done. Throws `NOT_SUBSCRIBED` where the browser is not subscribed. Never prompts.
   */
  setTags(tags: TagChange): Promise<SubscribeResult>;
  /** The tags the API answered last, without asking it. */
  getTags(): Promise<string[]>;
  /**
   * For a logout: the browser stays subscribed, with its tags, but what is sent to the user reaches it no more. Throws
   * when the API cannot be told now; the next sync or renewal tells it then.
   */
  detach(): Promise<void>;
  /** Whether to offer notifications in the page's own words, before the browser's one question is spent. */
  softPrompt(options?: SoftPromptOptions): SoftPrompt;
  /**
   * Heals a lost or re-keyed subscription of somebody who had subscribed, gives the browser to the user of another
   * token, and sends receipts that had to wait; for each page load. Never prompts.
   */
  sync(): Promise<FanfareState>;
}

/**
 * Makes the SDK object for one API, key and service worker scope. Does nothing on the network yet. Where a page is
 * rendered on a server it may be called too, and is `unsupported`.
 */
export function createFanfare(options: FanfareOptions): Fanfare {
  const worker = resolveWorker(options.serviceWorker);
  const api = { url: new URL(options.url, pageUrl()).href, key: options.key };
  const state = createStateObservable(readStateNow());

  const readAndTell = async () => state.set(await readState(worker.scope).catch(readStateNow));
  let refreshed = Promise.resolve();
  const refresh = () => {
    // in turn, or an earlier reading that takes longer would have the last word
    refreshed = refreshed.then(readAndTell);
    return refreshed;
  };
  const address = async (): Promise<ApiAddress> => ({
    ...api,
    userToken: await askUserToken(options.getUserToken),
  });
  const memoryOf = async (): Promise<SubscriptionMemory> => ({
    ...(await recall(worker.scope)),
    ...api,
    scope: worker.scope,
  });

  const startWorker = async () => {
    const memory = await memoryOf();
    const { registration, ownUrl } = await registerWorker(worker, memory.ownUrl);
    return { registration, memory: { ...memory, ownUrl } };
  };

  const subscribe = async (wish: SubscribeOptions) => {
    const { registration, memory } = await startWorker();
    await remember(memory);
    return await renewSubscription(registration, await address(), memory, wish);
  };
  const wantsNotifications = async () =>
    readStateNow() === 'unsubscribed' && (await memoryOf()).endpoint !== undefined;
  const setTags = async (change: TagChange) => {
    if (!(await wantsNotifications())) {
      throw new FanfareError('NOT_SUBSCRIBED', 'Only a subscribed browser has tags');
    }
    const { registration, memory } = await startWorker();
    const tags = typeof change === 'function' ? change(memory.tags ?? []) : change;
    return await renewSubscription(registration, await address(), memory, { tags });
  };
  const unsubscribe = async () => {
    const { endpoint: told, tags, ...memory } = await memoryOf();
    const subscription = await (await findRegistration(worker.scope))?.pushManager.getSubscription();
    await subscription?.unsubscribe();
    await remember(memory);
    softPrompt.dismiss();
    const endpoint = subscription?.endpoint ?? told;
    // which needs no proof of the user, who may be signed out already
    return endpoint ? await tellUnsubscribed(api, endpoint) : false;
  };
  const syncAs = async (caller: () => Promise<ApiAddress>) => {
    if (!(await wantsNotifications())) return;
    const { registration, memory } = await startWorker();
    await syncSubscription(registration, await caller(), memory);
  };
  const sync = () => syncAs(address);
  const detach = async () => {
    // noted first: a page that is offline or left too soon has logged out all the same
    const memory = await memoryOf();
    if (!memory.endpoint) return;
    await remember({ ...memory, isDetaching: true });
    // without the proof of a user who may be signed in for a moment longer
    await syncAs(async () => api);
  };
  const softPrompt = createSoftPrompt(worker.scope);
  const run = <Result>(act: () => Promise<Result>) => inTurn(worker.scope, act).finally(refresh);
  const comeIntoView = () => {
    void refresh();
    void followClick(worker.scope, options.navigate);
  };

  watchPermission(refresh);
  watchView(comeIntoView);
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
        .then(() => inTurn(worker.scope, () => subscribe(wish)))
        .finally(refresh),
    unsubscribe: () => run(unsubscribe),
    setTags: (tags) => run(() => setTags(tags)),
    getTags: async () => (await recall(worker.scope))?.tags ?? [],
    detach: () => run(detach),
    softPrompt: (wish) => createSoftPrompt(worker.scope, wish),
    sync: () => {
      void sendKeptReceipts(worker.scope);
      return run(sync).then(state.get);
    },
  };
}

async function tellUnsubscribed(api: ApiAddress, endpoint: string): Promise<boolean> {
  const answer = await requestGraphql<{ unsubscribe: { unsubscribed: boolean } }>(api, unsubscribeDocument, {
    endpoint,
  });
  return answer.unsubscribe.unsubscribed;
}

async function followClick(scope: string, navigate = (url: string) => location.assign(url)): Promise<void> {
  // without a storage no click was noted
  const url = await takeClickedPage(scope).catch(() => undefined);
  if (url !== undefined && url !== location.href) navigate(url);
}
