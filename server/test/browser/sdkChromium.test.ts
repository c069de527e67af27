import type { Browser, Page } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { installFakePushManager } from './support/fakePushManager';

interface SdkResult {
  readonly value?: unknown;
  readonly code?: string;
  readonly state: string;
}

type Act = 'subscribe' | 'unsubscribe' | 'sync' | 'setTags' | 'getTags' | 'detach' | 'shouldAsk';

/** Runs in the page: one call of the SDK, its result or FanfareError code, and the state after it. */
async function callSdk(act: Act, wish: object, userToken: string | null): Promise<SdkResult> {
  // a variable, or the compiler would turn the browser's import into its own
  const url = '/sdk/fanfare.js';
  const { createFanfare } = await new Function('url', 'return import(url)')(url);
  const fanfare = createFanfare({
    url: '/graphql',
    key: 'fp_test',
    getUserToken: async () => userToken ?? undefined,
  });
  try {
    const value = await (act === 'shouldAsk' ? fanfare.softPrompt(wish).shouldAsk() : fanfare[act](wish));
    return { value, state: fanfare.state };
  } catch (error) {
    const { code } = error as { code: string };
    return { code, state: fanfare.state };
  }
}

/** A JWT of this user as the SDK reads it, issued at this second. */
function tokenOf(sub: string, iat: number): string {
  return `header.${Buffer.from(JSON.stringify({ sub, iat })).toString('base64url')}.signature`;
}

describeWith('chromium', 'The SDK in Chromium', () => {
  let site: ClientSite;
  let browser: Browser;
  let page: Page;
  let vapidPublicKey: string;
  let refusal: string | undefined;

  const answer = ({ query, variables }: GraphqlCall) => {
    if (refusal) return { errors: [{ message: 'no', extensions: { code: refusal } }] };
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    const { tags = ['kept'] } = variables.input as { tags?: string[] };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: 'ann', tags } } } };
  };
  const call = (act: Act, wish: object = {}, userToken: string | null = 'proof-of-ann') =>
    page.evaluate(callSdk, act, wish, userToken);
  const told = () => site.calls.map(({ query }) => /^\w+ (\w+)/.exec(query)?.[1]);
  const lastInput = () => site.calls.at(-1)?.variables.input;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  // each has an origin of its own, and with it its own storage, worker and permissions
  beforeEach(async () => {
    vapidPublicKey = 'BAAA';
    refusal = undefined;
    site = await startClientSite(answer);
    await browser.defaultBrowserContext().overridePermissions(site.origin, ['notifications']);
    page = await browser.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.goto(`${site.origin}/demo/icon.svg`);
  });

  afterEach(async () => {
    await page?.close();
    await site?.close();
  });

  const subscribeAnn = async () => {
    await call('subscribe', { userId: 'ann', tags: ['news'] });
    site.calls.length = 0;
    await page.reload();
  };

  it('subscribes with the key, the proof of the user and what the browser knows', async () => {
    const { value, state } = await call('subscribe', {
      userId: 'ann',
      tags: ['news'],
      timeZone: 'Asia/Tokyo',
    });
    expect({ value, state }).toMatchObject({ value: { subscription: { id: 'sub_1' } }, state: 'subscribed' });
    expect(told()).toEqual(['VapidPublicKey', 'Subscribe']);
    expect(site.calls[1]).toMatchObject({ authorization: 'Bearer fp_test', user: 'proof-of-ann' });
    expect(lastInput()).toMatchObject({
      subscription: {
        endpoint: 'https://push.example/page/1',
        expirationTime: null,
        keys: { p256dh: 'p256dh', auth: 'auth' },
      },
      userId: 'ann',
      tags: ['news'],
      locale: 'en-US',
      timeZone: 'Asia/Tokyo',
    });
  });

  it('asks only for the key when nothing has changed since yesterday', async () => {
    await subscribeAnn();
    expect(await call('sync')).toMatchObject({ state: 'subscribed' });
    expect(told()).toEqual(['VapidPublicKey']);
  });

  it('gives the browser to whoever is signed in by now, once, though nobody had logged out', async () => {
    await call('subscribe', { tags: ['news'] }, tokenOf('ann', 1));
    await page.reload();
    site.calls.length = 0;
    await call('sync', {}, tokenOf('ann', 2));
    await call('sync', {}, null);
    expect(told()).not.toContain('Subscribe');
    await call('sync', {}, tokenOf('bob', 3));
    expect(site.calls.at(-1)).toMatchObject({ user: tokenOf('bob', 3) });
    expect(lastInput()).toMatchObject({ subscription: { endpoint: 'https://push.example/page/1' } });
    expect(lastInput()).not.toHaveProperty('tags');
    await call('sync', {}, tokenOf('bob', 4));
    expect(told().filter((name) => name === 'Subscribe')).toHaveLength(1);
  });

  it('heals a subscription the browser lost, naming the one it replaces', async () => {
    await subscribeAnn();
    await page.evaluate("localStorage.setItem('kept', '')");
    expect(await call('sync')).toMatchObject({ state: 'subscribed' });
    expect(lastInput()).toMatchObject({
      subscription: { endpoint: 'https://push.example/page/2' },
      replaces: 'https://push.example/page/1',
    });
  });

  it('moves to a new VAPID key, naming the subscription it replaces', async () => {
    await subscribeAnn();
    vapidPublicKey = 'BBBB';
    expect(await call('sync')).toMatchObject({ state: 'subscribed' });
    expect(lastInput()).toMatchObject({
      subscription: { endpoint: 'https://push.example/page/2' },
      replaces: 'https://push.example/page/1',
    });
  });

  it('heals what a refusal of the API left half done', async () => {
    await subscribeAnn();
    await page.evaluate("localStorage.setItem('kept', '')");
    refusal = 'UNAVAILABLE';
    expect(await call('sync')).toEqual({ code: 'UNAVAILABLE', state: 'unsubscribed' });
    refusal = undefined;
    expect(await call('sync')).toMatchObject({ state: 'subscribed' });
    expect(lastInput()).toMatchObject({ replaces: 'https://push.example/page/1' });
  });

  it('unsubscribes for good: a sync does not bring it back', async () => {
    await subscribeAnn();
    expect(await call('unsubscribe')).toEqual({ value: true, state: 'unsubscribed' });
    expect(site.calls.map(({ variables }) => variables)).toEqual([
      { endpoint: 'https://push.example/page/1' },
    ]);
    await page.reload();
    expect(await call('sync')).toEqual({ value: 'unsubscribed', state: 'unsubscribed' });
    expect(site.calls).toHaveLength(1);
  });

  it('replaces the tags and nothing else, and knows them without asking', async () => {
    await subscribeAnn();
    expect(await call('getTags')).toMatchObject({ value: ['news'] });
    expect(await call('setTags', ['sport', 'chess'])).toMatchObject({
      value: { subscription: { tags: ['sport', 'chess'] } },
      state: 'subscribed',
    });
    expect(lastInput()).toMatchObject({ tags: ['sport', 'chess'] });
    expect(lastInput()).not.toHaveProperty('userId');
    expect(lastInput()).not.toHaveProperty('detachUser');
    site.calls.length = 0;
    expect(await call('getTags')).toMatchObject({ value: ['sport', 'chess'] });
    expect(site.calls).toEqual([]);
  });

  it('changes tags by what they are once other changes are through', async () => {
    await subscribeAnn();
    await page.evaluate(`(async () => {
      const { createFanfare } = await import('/sdk/fanfare.js');
      const fanfare = createFanfare({ url: '/graphql', key: 'fp_test' });
      await Promise.all(['sport', 'chess'].map((tag) => fanfare.setTags((tags) => [...tags, tag])));
    })()`);
    expect(lastInput()).toMatchObject({ tags: ['news', 'sport', 'chess'] });
  });

  it('sets no tags where nobody is subscribed', async () => {
    expect(await call('setTags', ['news'])).toEqual({ code: 'NOT_SUBSCRIBED', state: 'unsubscribed' });
    expect(await call('getTags')).toMatchObject({ value: [] });
    expect(site.calls).toEqual([]);
  });

  it('detaches the user at a logout, without their proof, and stays subscribed', async () => {
    await subscribeAnn();
    expect(await call('detach')).toEqual({ value: undefined, state: 'subscribed' });
    expect(site.calls.at(-1)?.user).toBeUndefined();
    expect(lastInput()).toMatchObject({
      detachUser: true,
      subscription: { endpoint: 'https://push.example/page/1' },
    });
    expect(lastInput()).not.toHaveProperty('userId');
    site.calls.length = 0;
    await call('sync', {}, null);
    expect(told()).toEqual(['VapidPublicKey']);
  });

  it.each([
    ['undefined', null],
    ['an empty text', ''],
  ])('tells of a logout later when the API does not answer now, and the token is %s', async (_, token) => {
    await subscribeAnn();
    refusal = 'UNAVAILABLE';
    expect(await call('detach')).toEqual({ code: 'UNAVAILABLE', state: 'subscribed' });
    refusal = undefined;
    await page.reload();
    await call('sync', {}, token);
    expect(lastInput()).toMatchObject({ detachUser: true });
    site.calls.length = 0;
    await call('sync', {}, null);
    expect(told()).toEqual(['VapidPublicKey']);
  });

  it.each([
    ['by name', { userId: 'bob' }, null],
    ['by their proof alone', {}, 'proof-of-bob'],
  ])('gives the browser to whoever logs in %s, a logout still untold or not', async (_, wish, userToken) => {
    await subscribeAnn();
    refusal = 'UNAVAILABLE';
    await call('detach');
    refusal = undefined;
    await call('subscribe', wish, userToken);
    expect(lastInput()).toMatchObject(wish);
    expect(lastInput()).not.toHaveProperty('detachUser');
    site.calls.length = 0;
    await call('sync', {}, null);
    expect(told()).toEqual(['VapidPublicKey']);
  });

  it('has nobody to detach where nobody is subscribed', async () => {
    expect(await call('detach')).toEqual({ value: undefined, state: 'unsubscribed' });
    await call('subscribe', { userId: 'bob' });
    expect(lastInput()).not.toHaveProperty('detachUser');
  });

  it('asks softly whoever could subscribe, and not after an unsubscribe', async () => {
    expect(await call('shouldAsk')).toMatchObject({ value: true });
    await call('subscribe');
    expect(await call('shouldAsk')).toMatchObject({ value: false });
    await call('unsubscribe');
    expect(await call('shouldAsk')).toMatchObject({ value: false });
    expect(await call('shouldAsk', { remindAfterDays: 0 })).toMatchObject({ value: true });
  });

  it.each(['FORBIDDEN', 'RATE_LIMITED'])('hands on the code %s of the API', async (code) => {
    refusal = code;
    expect(await call('subscribe')).toEqual({ code, state: 'unsubscribed' });
  });

  it('says so when notifications are blocked, and tells nobody', async () => {
    await browser.defaultBrowserContext().overridePermissions(site.origin, []);
    await page.reload();
    expect(await call('subscribe')).toEqual({ code: 'PERMISSION_DENIED', state: 'denied' });
    expect(site.calls).toEqual([]);
  });

  it('does not take the scope of another service worker', async () => {
    await page.evaluate(`navigator.serviceWorker.register('/sdk/fanfare-sw-module.js', { type: 'module' })
      .then(() => new Promise((done) => setInterval(async () => {
        if ((await navigator.serviceWorker.getRegistration('/sdk/')).active) done(null);
      }, 10)))`);
    expect(await call('subscribe')).toEqual({ code: 'WORKER_CONFLICT', state: 'unsubscribed' });
  });

  it('lets the worker renew a dropped subscription without the page', async () => {
    await subscribeAnn();
    const target = await browser.waitForTarget(
      (candidate) => candidate.type() === 'service_worker' && candidate.url().startsWith(site.origin),
    );
    const worker = await target.worker();
    await worker?.evaluate(installFakePushManager);
    await worker?.evaluate("self.dispatchEvent(new ExtendableEvent('pushsubscriptionchange')), 0");
    await until(() => told().includes('Subscribe'), 'the renewed subscription');
    expect(site.calls.at(-1)?.authorization).toBe('Bearer fp_test');
    expect(lastInput()).toMatchObject({
      subscription: { endpoint: 'https://push.example/worker/1' },
      replaces: 'https://push.example/page/1',
    });
  });
});
