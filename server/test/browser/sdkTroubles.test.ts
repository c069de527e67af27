/** What a page of the SDK meets in the open: other tabs, blocked storage, back ends that fail, browsers of other makes. */
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { until } from '../support/until';
import { chromiumPath } from './support/browserPaths';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { installFakePushManager } from './support/fakePushManager';

const suite = chromiumPath ? describe : describe.skip;

interface Outcome {
  readonly value?: unknown;
  readonly code?: string;
  readonly name?: string;
  readonly state: string;
}

suite('The SDK in Chromium, when something is in the way', () => {
  let site: ClientSite;
  let browser: Browser;
  let profile: BrowserContext;
  let page: Page;
  let vapidPublicKey: string;

  const answer = ({ query }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: null, tags: [] } } } };
  };
  const told = (operation: string) => site.calls.filter(({ query }) => query.includes(operation));

  /** Runs the body in a page with `fanfare` made of these options; answers its value or error, and the state then. */
  const inPage = (body: string, options = '', target = page) =>
    target.evaluate(`(async () => {
      const { createFanfare } = await import('/sdk/fanfare.js');
      globalThis.fanfare ??= createFanfare({ url: '/graphql', key: 'fp_test', ${options} });
      try {
        const value = await (async () => { ${body} })();
        return { value, state: fanfare.state };
      } catch ({ code, name }) {
        return { code, name, state: fanfare.state };
      }
    })()`) as Promise<Outcome>;
  const openPage = async (prepare: (target: Page) => Promise<unknown> = async () => undefined) => {
    const opened = await profile.newPage();
    await opened.evaluateOnNewDocument(installFakePushManager);
    await prepare(opened);
    await opened.goto(`${site.origin}/demo/icon.svg`);
    return opened;
  };

  beforeAll(async () => {
    browser = await launchChromium();
  });

  beforeEach(async () => {
    vapidPublicKey = 'BAAA';
    site = await startClientSite(answer);
    profile = await browser.createBrowserContext();
    await profile.overridePermissions(site.origin, ['notifications']);
    page = await openPage();
  });

  afterEach(async () => {
    await profile?.close();
    await site?.close();
  });

  afterAll(() => browser?.close());

  const failingToken = 'getUserToken: async () => { throw new TypeError("signed out"); }';

  it('says so when the page has no proof of its user, and tells the API nothing', async () => {
    const failure = { code: 'USER_TOKEN_FAILED', name: 'FanfareError', state: 'unsubscribed' };
    expect(await inPage('return fanfare.subscribe();', failingToken)).toEqual(failure);
    expect(site.calls).toEqual([]);
  });

  it('unsubscribes and detaches without that proof', async () => {
    await inPage('return fanfare.subscribe();');
    await page.reload();
    expect(await inPage('return fanfare.detach();', failingToken)).toEqual({ state: 'subscribed' });
    expect(await inPage('return fanfare.unsubscribe();')).toEqual({ value: true, state: 'unsubscribed' });
    expect(told('mutation Unsubscribe').at(-1)?.user).toBeUndefined();
  });

  it('subscribes once when it is asked twice at once', async () => {
    const { value } = await inPage(`
      const [one, other] = await Promise.all([fanfare.subscribe(), fanfare.subscribe()]);
      return [one.subscription.id, other.subscription.id];`);
    expect(value).toEqual(['sub_1', 'sub_1']);
    expect(await page.evaluate("localStorage.getItem('count')")).toBe('1');
  });

  it('lets two tabs renew one subscription without ending each other’s', async () => {
    await inPage('return fanfare.subscribe();');
    const other = await openPage();
    vapidPublicKey = 'BBBB';
    await Promise.all([inPage('return fanfare.sync();'), inPage('return fanfare.sync();', '', other)]);
    expect(await page.evaluate("localStorage.getItem('count')")).toBe('2');
    // the other one finds it renewed, and known to the API
    expect(told('mutation Subscribe')).toHaveLength(2);
  });

  it('sees what another tab has done once the person looks at it', async () => {
    expect(await inPage('return fanfare.state;')).toMatchObject({ state: 'unsubscribed' });
    await page.evaluate(`globalThis.heard = []; fanfare.subscribeToState((state) => heard.push(state))`);
    const other = await openPage();
    await inPage('return fanfare.subscribe();', '', other);
    await page.bringToFront();
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await until(async () => String(await page.evaluate('heard')) === 'subscribed', 'the news');
  });

  it('keeps its promise to throw nothing but FanfareError where nothing is stored', async () => {
    await page.evaluate("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }, 0");
    const failure = { code: 'STORAGE_FAILED', name: 'FanfareError', state: 'unsubscribed' };
    for (const act of ['subscribe', 'sync', 'unsubscribe', 'detach', 'getTags', 'setTags']) {
      expect([act, await inPage(`return fanfare.${act}();`)]).toEqual([act, failure]);
    }
    expect(site.calls).toEqual([]);
  });

  it('says so when the service worker is not there', async () => {
    const options = "serviceWorker: { url: '/no-such-worker.js' }";
    expect(await inPage('return fanfare.subscribe();', options)).toMatchObject({
      code: 'WORKER_FAILED',
      state: 'unsubscribed',
    });
  });

  it('says so when the address is not that of the API', async () => {
    const options = "url: 'https://unused.example'";
    await page.evaluate("globalThis.fetch = async () => new Response('<html>', { status: 404 }), 0");
    expect(await inPage('return fanfare.subscribe();', options)).toMatchObject({ code: 'NOT_THE_API' });
  });

  it.each<[string, (target: Page) => Promise<unknown>, string]>([
    [
      'a Safari tab on iOS',
      (target) =>
        target.evaluateOnNewDocument(`
          delete globalThis.Notification;
          delete globalThis.PushManager;
          Object.defineProperty(navigator, 'standalone', { value: false });`),
      'needs-install',
    ],
    [
      'a Safari tab on iOS 18.4, which has window.pushManager',
      (target) =>
        target.evaluateOnNewDocument(`
          delete globalThis.Notification;
          globalThis.pushManager = {};
          Object.defineProperty(navigator, 'standalone', { value: false });`),
      'needs-install',
    ],
    [
      'a browser without push',
      (target) => target.evaluateOnNewDocument('delete globalThis.PushManager;'),
      'unsupported',
    ],
  ])('asks nothing of %s', async (_, prepare, state) => {
    const safari = await openPage(prepare);
    const code = state === 'unsupported' ? 'UNSUPPORTED' : 'NEEDS_INSTALL';
    expect(await inPage('return fanfare.subscribe();', '', safari)).toMatchObject({ code, state });
    expect(await inPage('return fanfare.sync();', '', safari)).toEqual({ value: state, state });
    expect(await inPage('return fanfare.softPrompt().shouldAsk();', '', safari)).toMatchObject({
      value: false,
    });
    expect(await inPage('return fanfare.unsubscribe();', '', safari)).toMatchObject({ value: false });
    expect(site.calls).toEqual([]);
  });

  describe('after a click whose page iOS did not open', () => {
    const target = () => `${site.origin}/demo/icon.svg?order=7`;
    /** What the worker has noted. */
    const note = (url: string) =>
      page.evaluate(`new Promise((done, fail) => {
        const opening = indexedDB.open('fanfare-click', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('clickedPage', { keyPath: 'scope' });
        opening.onerror = fail;
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('clickedPage', 'readwrite');
          transaction.objectStore('clickedPage').put({
            scope: '${site.origin}/sdk/', url: '${url}', clickedAt: Date.now(), hasFailed: false,
          });
          transaction.oncomplete = () => { opening.result.close(); done(); };
        };
      })`);
    const onHomeScreen = (opened: Page) =>
      opened.evaluateOnNewDocument("Object.defineProperty(navigator, 'standalone', { value: true });");

    it('goes there when the app starts, once', async () => {
      await note(target());
      const app = await openPage(onHomeScreen);
      await inPage('', '', app).catch(() => undefined);
      await until(() => app.url() === target(), 'the page of the notification');
      await app.goto(`${site.origin}/demo/icon.svg`);
      await inPage('return fanfare.sync();', '', app);
      expect(app.url()).toBe(`${site.origin}/demo/icon.svg`);
    });

    it('hands it to the app, when it starts and when it comes back into view', async () => {
      const app = await openPage(onHomeScreen);
      const heard = () => app.evaluate('String(globalThis.heard)');
      await note(target());
      await inPage('', 'navigate: (url) => (globalThis.heard ??= []).push(url)', app);
      await until(async () => (await heard()) === target(), 'the page');
      await note(`${target()}&again`);
      await app.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await until(async () => (await heard()) === `${target()},${target()}&again`, 'the next page');
    });

    it('stays where it is in a browser that opened the page', async () => {
      await note(target());
      const tab = await openPage();
      await inPage('return fanfare.sync();', 'navigate: () => { globalThis.heard = true; }', tab);
      expect(await tab.evaluate('globalThis.heard')).toBeUndefined();
    });
  });
});
