/** The SDK by a plain script tag, in a page without modules. */
import type { Browser } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { installFakePushManager } from './support/fakePushManager';

const html = '<!doctype html><title>Shop</title><script src="/sdk/fanfare.global.js"></script>';

describeWith('chromium', 'The SDK by a script tag in Chromium', () => {
  let site: ClientSite;
  let browser: Browser;

  const answer = ({ query }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: 'BAAA' } };
    return { data: { subscribe: { created: true, subscription: { id: 'sub_1', userId: null, tags: [] } } } };
  };

  beforeAll(async () => {
    site = await startClientSite(answer, undefined, { '/shop.html': html });
    browser = await launchChromium();
    await browser.defaultBrowserContext().overridePermissions(site.origin, ['notifications']);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('subscribes, and adds one name to the page', async () => {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.evaluateOnNewDocument('globalThis.before = Object.getOwnPropertyNames(globalThis)');
    await page.goto(`${site.origin}/shop.html`);
    const added = 'Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name)).join()';
    expect(await page.evaluate(added)).toBe('before,Fanfare');
    const outcome = await page.evaluate(`(async () => {
      const fanfare = Fanfare.createFanfare({ url: '/graphql', key: 'fp_test' });
      const refused = await fanfare.setTags(['news']).catch((error) => error);
      await fanfare.subscribe();
      return [fanfare.state, refused instanceof Fanfare.FanfareError, refused.code];
    })()`);
    expect(outcome).toEqual(['subscribed', true, 'NOT_SUBSCRIBED']);
  });
});
