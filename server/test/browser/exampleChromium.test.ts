/** The example page: the SDK from a script tag, without a build step, as client/demo/public/example shows it. */
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { until } from '../support/until';
import { chromiumPath } from './support/browserPaths';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { installFakePushManager } from './support/fakePushManager';

const suite = chromiumPath ? describe : describe.skip;

suite('The example page in Chromium', () => {
  let site: ClientSite;
  let browser: Browser;
  let page: Page;
  let isRefusing = false;

  const answer = ({ query }: GraphqlCall) => {
    if (isRefusing) return { errors: [{ message: 'no', extensions: { code: 'RATE_LIMITED' } }] };
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: 'BAAA' } };
    if (query.startsWith('mutation Unsubscribe')) return { data: { unsubscribe: { unsubscribed: true } } };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: null, tags: [] } } } };
  };
  const advice = () => page.$eval('#advice', (element) => element.textContent);
  const isOffered = () => page.$eval('#offer', (element) => !Reflect.get(element, 'hidden'));
  const isOn = () => page.$eval('#switch', (element) => Reflect.get(element, 'checked') === true);

  beforeAll(async () => {
    site = await startClientSite(answer);
    browser = await launchChromium();
    await browser.defaultBrowserContext().overridePermissions(site.origin, ['notifications']);
    page = await browser.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.goto(`${site.origin}/demo/example/`);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('makes its offer, and says why a yes did not work', async () => {
    await until(isOffered, 'the offer');
    isRefusing = true;
    await page.click('#yes');
    await until(async () => (await advice()) === 'That did not work (RATE_LIMITED).', 'the reason');
    isRefusing = false;
    await page.evaluate(axe.source);
    expect(await page.evaluate('axe.run().then(({ violations }) => violations)')).toEqual([]);
  });

  it('subscribes at a yes and needs no offer any more', async () => {
    await page.click('#yes');
    await until(async () => (await advice()) === 'We will tell you.', 'the subscription');
    expect([await isOn(), await isOffered()]).toEqual([true, false]);
    expect(site.calls.at(-1)?.variables.input).toMatchObject({ tags: ['bread'] });
  });

  it('is on at the next visit and goes off at the switch, which counts as a no', async () => {
    await page.reload();
    await until(isOn, 'the switch on');
    await page.click('#switch');
    await until(async () => (await advice()) === '', 'the end of it');
    expect([await isOn(), await isOffered()]).toEqual([false, false]);
    expect(site.calls.at(-1)?.query).toContain('mutation Unsubscribe');
  });
});
