/** An app with a service worker of its own, a real ES module or one not active yet, into which Fanfare is let. */
import type { Browser, Page } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { installFakePushManager } from './support/fakePushManager';

const moduleWorker = `
  import { attachFanfare } from '/sdk/fanfare-sw-module.js';
  attachFanfare(self);`;

/** Runs in the page: how the worker of the whole site is registered. */
const readRegistration = `navigator.serviceWorker.getRegistration('/').then((registration) => registration && ({
  script: (registration.active ?? registration.installing).scriptURL,
  updateViaCache: registration.updateViaCache,
}))`;

describeWith('chromium', "An app's own service worker in Chromium", () => {
  let site: ClientSite;
  let browser: Browser;
  let page: Page;

  const answer = ({ query }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: 'BAAA' } };
    if (query.startsWith('mutation RecordReceipt')) return { data: { recordReceipt: true } };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: null, tags: [] } } } };
  };
  /** Subscribes in the page; answers the state then, or the error's code. */
  const subscribe = (serviceWorker: object) =>
    page.evaluate(`(async () => {
      const { createFanfare } = await import('/sdk/fanfare.js');
      const options = { url: '/graphql', key: 'fp_test', serviceWorker: ${JSON.stringify(serviceWorker)} };
      const fanfare = createFanfare(options);
      return fanfare.subscribe().then(() => fanfare.state, ({ code }) => code);
    })()`);
  const register = (url: string, options: object) =>
    page.evaluate(
      `navigator.serviceWorker.register('${url}', ${JSON.stringify(options)}).then(() => undefined)`,
    );
  /** Resolves once the worker shows a push. */
  const push = async (title: string) => {
    const session = await page.createCDPSession();
    let registrationId: string | undefined;
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      registrationId =
        versions.find(({ status }) => status === 'activated')?.registrationId ?? registrationId;
    });
    await session.send('ServiceWorker.enable');
    const address = {
      origin: site.origin,
      registrationId: await until(() => registrationId, 'an active worker'),
    };
    const data = JSON.stringify({ notification: { title } });
    await session.send('ServiceWorker.deliverPushMessage', { ...address, data });
    const titles = `navigator.serviceWorker.getRegistration('/')
      .then((registration) => registration.getNotifications())
      .then((shown) => shown.map((notification) => notification.title).join())`;
    await until(async () => (await page.evaluate(titles)) === title, 'the notification');
  };

  beforeAll(async () => {
    site = await startClientSite(answer, undefined, {
      '/worker.js': moduleWorker,
      '/other.js': "addEventListener('install', () => skipWaiting());",
      '/trusted.html': `<meta http-equiv="Content-Security-Policy" content="require-trusted-types-for 'script'">`,
      '/slow.js': "addEventListener('install', (event) => event.waitUntil(new Promise(() => undefined)));",
    });
    browser = await launchChromium();
  });

  beforeEach(async () => {
    const profile = await browser.createBrowserContext();
    await profile.overridePermissions(site.origin, ['notifications']);
    page = await profile.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.goto(`${site.origin}/demo/icon.svg`);
  });

  afterEach(() => page?.browserContext().close());

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('is used as the app registered it, and not registered anew', async () => {
    await register('/worker.js', { type: 'module', updateViaCache: 'all' });
    expect(await subscribe({ url: '/worker.js' })).toBe('subscribed');
    expect(await page.evaluate(readRegistration)).toEqual({
      script: `${site.origin}/worker.js`,
      updateViaCache: 'all',
    });
    await push('From a module');
  });

  it('is registered as a module by the SDK where the app says so', async () => {
    expect(await subscribe({ url: '/worker.js' })).toBe('WORKER_FAILED');
    expect(await subscribe({ url: '/worker.js', type: 'module' })).toBe('subscribed');
    expect(await page.evaluate(readRegistration)).toMatchObject({ updateViaCache: 'none' });
    await push('From a module');
  });

  it('may change its version, but not its name', async () => {
    for (const version of ['?ver=1.0', '?ver=1.1', '']) {
      expect(await subscribe({ url: `/worker.js${version}`, type: 'module' })).toBe('subscribed');
      const isRegistered = async () =>
        ((await page.evaluate(readRegistration)) as { script: string }).script.endsWith(
          `/worker.js${version}`,
        );
      await until(isRegistered, `the worker ${version}`);
    }
    await register('/other.js', {});
    const isOther = async () =>
      ((await page.evaluate(readRegistration)) as { script: string }).script.endsWith('/other.js');
    await until(isOther, 'the other worker');
    expect(await subscribe({ url: '/worker.js', type: 'module' })).toBe('WORKER_CONFLICT');
  });

  it('is given as a TrustedScriptURL by a page that asks for them', async () => {
    await page.goto(`${site.origin}/trusted.html`);
    const trusted = `trustedTypes.createPolicy('app', { createScriptURL: (url) => url })
      .createScriptURL('/worker.js')`;
    const subscribeWith = (url: string) =>
      page.evaluate(`(async () => {
        const { createFanfare } = await import('/sdk/fanfare.js');
        const serviceWorker = { url: ${url}, type: 'module' };
        const fanfare = createFanfare({ url: '/graphql', key: 'fp_test', serviceWorker });
        return fanfare.subscribe().then(() => fanfare.state, ({ code }) => code);
      })()`);
    expect(await subscribeWith("'/worker.js'")).toBe('WORKER_FAILED');
    expect(await subscribeWith(trusted)).toBe('subscribed');
  });

  it('is not replaced by another either while it installs still', async () => {
    await register('/slow.js', {});
    expect(await subscribe({ url: '/sdk/fanfare-sw.js', scope: '/' })).toBe('WORKER_CONFLICT');
    expect(await page.evaluate(readRegistration)).toMatchObject({ script: `${site.origin}/slow.js` });
  });
});
