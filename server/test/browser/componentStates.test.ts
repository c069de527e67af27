/** Both components in every state, in light and dark, on a desk and on a phone: what they say, and what axe says of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { until } from '../support/until';
import { chromiumPath } from './support/browserPaths';
import { launchChromium } from './support/chromiumBrowser';
import { type ClientSite, type GraphqlCall, startClientSite } from './support/clientSite';
import { type ConsumerProject, makeConsumerProject } from './support/consumerProject';
import { installFakePushManager } from './support/fakePushManager';

const suite = chromiumPath ? describe : describe.skip;

/** To be looked at by people: FANFARE_PICTURES names a folder. */
const pictures = process.env.FANFARE_PICTURES;

const permission = (word: string) =>
  `Object.defineProperty(Notification, 'permission', { get: () => '${word}' });`;
const press = (page: Page) => page.click('.fanfare-subscribe button');

/** How a browser comes to be in a state, and the words there. */
const cases: Record<string, { prepare: string; act?: (page: Page) => Promise<void>; says: string[] }> = {
  unsupported: {
    prepare: 'delete globalThis.PushManager;',
    says: ['This browser cannot show notifications from websites.'],
  },
  'needs-install': {
    prepare: `delete globalThis.Notification;
      Object.defineProperty(navigator, 'standalone', { value: false });`,
    says: ['To get notifications here, add this page to your Home Screen'],
  },
  prompt: { prepare: permission('default'), says: ['Turn on notifications'] },
  denied: { prepare: permission('denied'), says: ['Notifications are blocked.'] },
  unsubscribed: { prepare: '', says: ['Turn on notifications', 'to choose what they are about'] },
  subscribed: { prepare: '', act: press, says: ['Turn off notifications', 'Notifications are on.'] },
  pending: {
    prepare: 'globalThis.fetch = () => new Promise(() => undefined);',
    act: press,
    says: ['One moment…'],
  },
  failed: {
    prepare: 'globalThis.fetch = () => Promise.reject(new TypeError());',
    act: press,
    says: ['Turn on notifications', 'We cannot be reached. Please check your connection.'],
  },
};
const states = ['unsupported', 'needs-install', 'prompt', 'denied', 'unsubscribed', 'subscribed'];
const looks = [
  ['light', 'desk', 1000],
  ['dark', 'desk', 1000],
  ['light', 'phone', 360],
  ['dark', 'phone', 360],
] as const;

/** Runs in the page. */
function readBorders(buttons: object[]): string[] {
  const { getComputedStyle } = globalThis as unknown as {
    getComputedStyle(element: object): { borderColor: string; borderStyle: string };
  };
  return buttons.map((button) => {
    const { borderColor, borderStyle } = getComputedStyle(button);
    return `${borderStyle} ${borderColor}`;
  });
}

suite('The components', () => {
  let project: ConsumerProject;
  let site: ClientSite;
  let browser: Browser;
  let visitor: BrowserContext;

  const answer = ({ query }: GraphqlCall) => {
    if (query.startsWith('query VapidPublicKey')) return { data: { vapidPublicKey: 'BAAA' } };
    const subscription = { id: 'sub_1', userId: 'ann', tags: ['news'] };
    return { data: { subscribe: { created: true, subscription } } };
  };

  beforeAll(async () => {
    project = await makeConsumerProject();
    await project.build();
    await project.build('--mode', 'sw');
    site = await startClientSite(answer, project.dist);
    browser = await launchChromium();
    if (pictures) mkdirSync(pictures, { recursive: true });
  }, 120_000);

  beforeEach(async () => {
    visitor = await browser.createBrowserContext();
    await visitor.overridePermissions(site.origin, ['notifications']);
  });

  afterEach(() => visitor?.close());

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    project?.remove();
  });

  it.each(Object.entries(cases))('%s', async (name, { prepare, act, says }) => {
    const page = await visitor.newPage();
    await page.evaluateOnNewDocument(installFakePushManager);
    if (prepare) await page.evaluateOnNewDocument(prepare);
    await page.goto(`${site.origin}/`);
    await page.waitForSelector('.fanfare-subscribe');
    await act?.(page);
    const text = () => page.$eval('main', (main) => String(Reflect.get(main, 'innerText')));
    await until(async () => {
      const shown = await text();
      return says.every((words) => shown.includes(words));
    }, `"${says}" in the page`);
    if (states.includes(name)) {
      expect(await page.$eval('.fanfare-subscribe', (box) => box.getAttribute('data-state'))).toBe(name);
    }
    const borders: string[] = [];
    for (const [scheme, device, width] of looks) {
      await page.setViewport({ width, height: 640 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${scheme}-${device}.png`) });
      await page.evaluate(axe.source);
      const faults = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map((n) => n.html)]))',
      );
      expect([scheme, device, faults]).toEqual([scheme, device, []]);
      borders.push(...(await page.$$eval('.fanfare-subscribe button', readBorders)));
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(overflow)).toBe(0);
    }
    // the style sheet came through the bundler: one colour in light, another in dark
    if (borders.length > 0) expect(new Set(borders).size).toBe(2);
  });
});
