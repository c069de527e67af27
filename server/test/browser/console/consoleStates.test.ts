import type { HTTPRequest, Page } from 'puppeteer-core';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { type ConsoleView, consoleViews, unusedViews } from './consoleViews';
import { ConsoleVisit } from './consoleVisit';

/**
 * What axe finds on the page that is open, in light colours at a desk and in dark ones on a phone.
 * @param isThere waits for what is to be seen in both
 */
const faultsOf = async (
  visit: ConsoleVisit,
  isThere: () => Promise<unknown>,
  isWaiting = false,
): Promise<string[]> => {
  const found: string[] = [];
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ] as const) {
    await visit.look(scheme, width);
    await isThere();
    found.push(...(await axeFaults(visit.page, isWaiting)).map((fault) => `${fault} in ${scheme} colours`));
  }
  return found;
};

/** Lets a test answer what is asked of the API, the first question who is signed in left out. */
const answering =
  (answer: (request: HTTPRequest) => void, isForViewer = false) =>
  async (page: Page) => {
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const isAsked = request.url().endsWith('/graphql') && request.method() === 'POST';
      const isViewer = /query Viewer\b/.test(request.postData() ?? '');
      if (isAsked && (isForViewer || !isViewer)) answer(request);
      else void request.continue();
    });
  };

const fail = (request: HTTPRequest) =>
  void request.respond({
    contentType: 'application/json',
    body: JSON.stringify({
      data: null,
      errors: [{ message: 'Out of order for this test.', extensions: { code: 'RATE_LIMITED' } }],
    }),
  });

const hold = () => undefined;

/** The views that ask the API for something. */
const asks = ({ path, isSignedOut }: ConsoleView) => !isSignedOut && path !== '/nothing-here';

describeWith('chromium', 'Every view of the console on a server that nobody has used', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start({
      NODE_ENV: 'production',
      FANFARE_VAPID_SUBJECT: 'mailto:push@example.org',
    });
  }, 120_000);

  afterAll(() => visit?.close());

  test('says in words that there is nothing', async () => {
    const found: string[] = [];
    for (const [path, ...words] of unusedViews) {
      await visit.open(path);
      const isEmpty = async () => {
        for (const each of words) await visit.shows(each);
      };
      found.push(...(await faultsOf(visit, isEmpty)));
    }
    expect(found).toEqual([]);
  }, 180_000);

  test('asks no other host, and breaks nothing', () => {
    expect(visit.site.faults).toEqual([]);
  });
});

describeWith('chromium', 'Every view of the console', () => {
  let visit: ConsoleVisit;
  let views: ConsoleView[];

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
    views = (await consoleViews(visit)).filter(asks);
  }, 120_000);

  afterAll(() => visit?.close());

  /** Compose asks nothing before something is written. */
  const write = async ({ path }: ConsoleView) => {
    if (path !== '/compose') return;
    await visit.fill('Title', 'Written', 'textbox');
    await visit.page.locator('text/Everyone').click();
  };
  const buttons = () => visit.page.$$('::-p-aria([name="Try again"][role="button"])');
  const hasOneHeading = async () => (await visit.page.$$('h1')).length === 1;

  test('says what failed, and asks again', async () => {
    const found: string[] = [];
    for (const view of views) {
      let isBroken = true;
      const prepare = answering((request) => (isBroken ? fail(request) : void request.continue()));
      await visit.open(view.path, { prepare });
      await write(view);
      const hasFailed = async () => {
        await visit.shows('Out of order for this test.');
        await until(async () => (await buttons()).length > 0, `a way to try again at ${view.path}`);
      };
      found.push(...(await faultsOf(visit, hasFailed)));
      if (!(await hasOneHeading())) found.push(`${view.path} has not one heading`);
      isBroken = false;
      for (const button of await buttons()) await button.click().catch(() => undefined);
      await visit.page.waitForSelector(view.ready);
      const isMended = async () => !(await visit.text()).includes('Out of order');
      await until(isMended, `${view.path} without a fault`, 20_000);
    }
    expect(found).toEqual([]);
  }, 240_000);

  test('shows that it waits', async () => {
    const found: string[] = [];
    for (const view of views) {
      await visit.open(view.path, { prepare: answering(hold) });
      await write(view);
      const waits = async () => {
        if (view.path === '/compose') await visit.shows('counting …');
        else await visit.page.waitForSelector('[role=status][aria-label=Loading]', { visible: true });
      };
      found.push(...(await faultsOf(visit, waits, true)));
      if (!(await hasOneHeading())) found.push(`${view.path} has not one heading`);
    }
    expect(found).toEqual([]);
  }, 240_000);

  test('waits and fails at the door likewise', async () => {
    await visit.open('/overview', { prepare: answering(hold, true) });
    const signsIn = () => visit.page.waitForSelector('[aria-label="Signing in"]');
    expect(await faultsOf(visit, signsIn, true)).toEqual([]);
    let isBroken = true;
    const prepare = answering((request) => (isBroken ? fail(request) : void request.continue()), true);
    await visit.open('/overview', { prepare });
    const hasFailed = () => visit.shows('Out of order for this test.');
    expect(await faultsOf(visit, hasFailed)).toEqual([]);
    isBroken = false;
    await visit.click('Try again');
    await visit.heading('Overview');
  }, 60_000);

  test('a fault does not come and go while it lasts', async () => {
    await visit.open('/overview', { prepare: answering(fail) });
    await visit.shows('Out of order for this test.', '[aria-label="Queues"]');
    await visit.page.evaluate(`
      globalThis.changes = 0;
      new MutationObserver((seen) => { globalThis.changes += seen.length; })
        .observe(document.querySelector('[aria-label="Queues"]'), { childList: true, subtree: true });
    `);
    const asked: string[] = [];
    visit.page.on('request', (request) => asked.push(request.postData() ?? ''));
    await until(
      () => asked.filter((text) => text.includes('queueHealth')).length > 3,
      'it to be asked again',
    );
    expect(await visit.page.evaluate('globalThis.changes')).toBe(0);
  });

  test('asks no other host, and breaks nothing', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
