/** Console, playground and demo where a proxy serves Fanfare below a path that it takes off. */
import type { Page } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { type PathProxy, startPathProxy } from '../support/pathProxy';
import { until } from '../support/until';
import { ConsoleVisit } from './console/consoleVisit';

/** Runs in the page before anything else: a push manager that has this subscription to give. */
function installSubscription(subscription: { endpoint: string }): void {
  const scope = globalThis as unknown as { PushManager: { prototype: object } };
  let given: object | null = null;
  Object.assign(scope.PushManager.prototype, {
    getSubscription: async () => given,
    subscribe: async (options: object) => {
      given = { ...subscription, options, toJSON: () => subscription, unsubscribe: async () => true };
      return given;
    },
  });
}

describeWith('chromium', 'Below a path', () => {
  let proxy: PathProxy;
  let visit: ConsoleVisit;

  beforeAll(async () => {
    proxy = await startPathProxy('/push');
    visit = await ConsoleVisit.start({ FANFARE_PUBLIC_URL: proxy.url }, proxy.url);
    proxy.target = Number(new URL(visit.site.serverUrl).port);
  }, 120_000);

  afterAll(async () => {
    await visit?.close();
    await proxy?.close();
  });

  afterEach(() => {
    expect([...proxy.strays.splice(0), ...visit.site.faults.splice(0)]).toEqual([]);
  });

  const path = () => new URL(visit.page.url()).pathname;
  const element = (page: Pick<Page, 'waitForSelector'>, selector: string) =>
    page.waitForSelector(selector, { timeout: 20_000 });

  test('the addresses that the start prints are those of the proxy', () => {
    for (const page of ['console/', 'graphql', 'playground/', 'demo/', 'healthz']) {
      expect(visit.site.output()).toContain(`${proxy.url}/${page}`);
    }
  });

  test.each(['', '/', '/overview', '/notifications?status=SENDING'])(
    'the console works from %p on',
    async (start) => {
      await visit.open(start);
      await visit.click('Overview', 'link');
      await visit.shows('Deliveries over time');
      expect(path()).toBe('/push/console/overview');
    },
  );

  test('the console follows a notification live, and its receipts come back through the proxy', async () => {
    const [agent] = await visit.subscribe(1, 'below');
    visit.site.pushService.script({ status: 503, headers: { 'retry-after': '1' } });
    const id = await visit.send({
      ...{ audience: { tags: { anyOf: ['below'] } }, content: { title: 'Below a path' } },
    });
    await visit.open(`/notifications/${id}`);
    await until(() => proxy.sockets.length > 0, 'the live progress to connect', 30_000);
    expect(new Set(proxy.sockets)).toEqual(new Set(['/push/graphql']));
    visit.site.pushService.clearScripts();
    await visit.shows('completed');
    const { notification } = JSON.parse(agent?.received[0]?.plaintext ?? '{}');
    expect(notification.data.fanfare.url).toBe(`${proxy.url}/graphql`);
  });

  test('the playground runs a query', async () => {
    await visit.open('/playground');
    const playground = await visit.page.waitForFrame((each) => each.url() === `${proxy.url}/playground/`, {
      timeout: 20_000,
    });
    await element(playground, '.graphiql-container .monaco-editor');
    await playground.locator('::-p-aria([name="Show Documentation Explorer"][role="button"])').click();
    const text = () => playground.evaluate('document.body.innerText');
    await until(async () => /Root Types/.test(String(await text())), 'the schema', 20_000);
  });

  test('the demo is where the root leads to, and subscribes', async () => {
    const { vapidPublicKey } = await visit.site.call<{ vapidPublicKey: string }>('{ vapidPublicKey }');
    const { endpoint, keys } = visit.site.pushService.createUserAgent().subscribe(vapidPublicKey);
    await visit.open('/', {
      prepare: async (page) => {
        await page.browserContext().overridePermissions(new URL(proxy.url).origin, ['notifications']);
        await page.evaluateOnNewDocument(installSubscription, { endpoint, keys });
      },
    });
    await visit.page.goto(proxy.url);
    expect(path()).toBe('/push/demo/');
    await visit.page.locator('#subscribe').click();
    await element(visit.page, '#state[data-state=subscribed]');
    const scope = 'navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))';
    expect(await visit.page.evaluate(scope)).toEqual([`${proxy.url}/sdk/`]);
    const links = await visit.page.$$eval('footer a', (found) =>
      found.map((link) => String(Reflect.get(link, 'href'))),
    );
    expect(links).toEqual([`${proxy.url}/playground/`, `${proxy.url}/demo/example/`]);
    await visit.page.goto(`${proxy.url}/demo/example`);
    expect(path()).toBe('/push/demo/example/');
    await element(visit.page, '#switch:not([disabled])');
  });
});

describeWith('chromium', 'Below a path, in production', () => {
  let proxy: PathProxy;
  let visit: ConsoleVisit;

  beforeAll(async () => {
    proxy = await startPathProxy('/push');
    const settings = { NODE_ENV: 'production', FANFARE_VAPID_SUBJECT: 'mailto:push@example.org' };
    visit = await ConsoleVisit.start({ ...settings, FANFARE_PUBLIC_URL: proxy.url }, proxy.url);
    proxy.target = Number(new URL(visit.site.serverUrl).port);
  }, 120_000);

  afterAll(async () => {
    await visit?.close();
    await proxy?.close();
  });

  test('the playground leads to the sign-in, and has its own address behind it', async () => {
    await visit.open('/', { key: '' });
    await visit.page.goto(`${proxy.url}/playground/with/nothing/`);
    expect(visit.page.url()).toBe(`${proxy.url}/console/playground`);
    await visit.fill('Secret key', visit.site.adminKey);
    await visit.click('Sign in');
    const playground = await visit.page.waitForFrame(
      (each) => each.url().startsWith(`${proxy.url}/playground/with/`),
      { timeout: 20_000 },
    );
    await playground.waitForSelector('.graphiql-container .monaco-editor', { timeout: 20_000 });
    expect(proxy.strays).toEqual([]);
  });
});
