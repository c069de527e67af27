import type { HTTPRequest, Page } from 'puppeteer-core';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { ConsoleVisit } from './consoleVisit';

describeWith('chromium', 'When something goes wrong in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  /** Lets a test decide on each request; what it does not take goes on. */
  const intercept = async (page: Page, take: (request: HTTPRequest) => boolean) => {
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (!take(request)) void request.continue();
    });
  };
  const forgive = (words: RegExp) => {
    const others = visit.site.faults.filter((fault) => !words.test(fault));
    visit.site.faults.splice(0, visit.site.faults.length, ...others);
  };

  describe('a page whose script is not there any more, as after an upgrade,', () => {
    const breakKeys = async () => {
      let isThere = false;
      await intercept(visit.page, (request) => {
        if (isThere || !/\/assets\/KeysPage-.*\.js$/.test(request.url())) return false;
        void request.respond({ status: 404, body: '' });
        return true;
      });
      return () => {
        isThere = true;
      };
    };
    afterEach(() => forgive(/404|dynamically imported module/));

    test('is explained, leaves the other pages, and comes with a reload', async () => {
      await visit.open('/settings');
      await visit.heading('Settings');
      const mend = await breakKeys();
      await visit.click('Keys', 'link');
      await visit.shows('If Fanfare was upgraded');
      await visit.heading('This page could not be shown');
      expect(await axeFaults(visit.page)).toEqual([]);
      await visit.click('Settings', 'link');
      await visit.heading('Settings');
      await visit.click('Keys', 'link');
      await visit.shows('This page could not be shown');
      mend();
      await visit.click('Reload');
      await visit.heading('Keys');
      await visit.shows('API keys');
    });
  });

  test('a key that is revoked while it is signed in leads back to the sign-in, with the reason', async () => {
    const { createApiKey } = await visit.site.call<{
      createApiKey: { secret: string; apiKey: { id: string } };
    }>(
      'mutation { createApiKey(input: { name: "short", kind: SECRET, scopes: ["notifications:read"] }) { secret apiKey { id } } }',
    );
    await visit.open('/notifications', { key: createApiKey.secret });
    await visit.heading('Notifications');
    await visit.site.call('mutation ($id: ID!) { revokeApiKey(id: $id) }', {
      id: createApiKey.apiKey.id,
    });
    await visit.shows('Sign in with a secret key');
    await visit.shows('The server does not know this key, or it was revoked.');
    await visit.fill('Secret key', visit.site.adminKey);
    await visit.click('Sign in');
    await visit.heading('Notifications');
    await visit.shows('The big sale starts');
  });

  test('a server that cannot be asked who signs in keeps the key, and is asked again', async () => {
    let isDown = true;
    await visit.open('/settings', {
      prepare: (page) =>
        intercept(page, (request) => {
          if (!isDown || !request.url().endsWith('/graphql')) return false;
          void request.abort('connectionrefused');
          return true;
        }),
    });
    await visit.shows('could not be reached');
    isDown = false;
    await visit.click('Try again');
    await visit.heading('Settings');
    forgive(/ERR_CONNECTION_REFUSED/);
  });

  test('Next leads one page on, however often it is pressed before that is there', async () => {
    const held: HTTPRequest[] = [];
    let isHeld = true;
    await visit.open('/notifications');
    await visit.shows('The big sale starts');
    await intercept(visit.page, (request) => {
      if (!isHeld || !/"after":"/.test(request.postData() ?? '')) return false;
      held.push(request);
      return true;
    });
    const next = '::-p-aria([name="Next"][role="button"])';
    await visit.page.locator(next).click();
    await until(() => held.length > 0, 'the question for the second page');
    await (await visit.page.$(next))?.click();
    await visit.page.keyboard.press('Enter');
    isHeld = false;
    for (const request of held) void request.continue();
    await visit.shows('Page 2');
    const isReady = () => visit.page.$eval(next, (button) => button.getAttribute('aria-disabled') === null);
    await until(isReady, 'the second page');
    expect(await visit.text()).not.toMatch(/Page [3-9]/);
  });

  test('Enter changes nothing where a question has just been asked', async () => {
    await visit.open('/keys');
    await visit.click('Revoke newsroom');
    await visit.shows('Revoke “newsroom”?');
    await until(
      async () => (await visit.page.evaluate('document.activeElement.textContent')) === 'Not now',
      'the keyboard on the answer that does nothing',
    );
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForSelector('[role="dialog"]', { hidden: true });
    const { apiKeys } = await visit.site.call<{ apiKeys: { name: string; revokedAt: string | null }[] }>(
      '{ apiKeys { name revokedAt } }',
    );
    expect(apiKeys.find(({ name }) => name === 'newsroom')?.revokedAt).toBeNull();
  });

  test.each([
    ['/keys', 'Create a key', 'Your new key'],
    ['/applications', 'Create an application', 'The keys of “kept in view”'],
  ])('Escape does not take away a secret that was just made at %s', async (path, button, title) => {
    await visit.open(path);
    await visit.click(button);
    await visit.fill('Name', 'kept in view', 'textbox');
    await visit.click('Create');
    await visit.page.waitForSelector('[data-testid=secret]');
    await visit.shows(title);
    await visit.page.keyboard.press('Escape');
    expect(await visit.page.$('::-p-aria([name="Close"][role="button"])')).toBeNull();
    expect(await axeFaults(visit.page)).toEqual([]);
    await visit.page.waitForSelector('[data-testid=secret]');
    await visit.click('Done');
    await visit.page.waitForSelector('[data-testid=secret]', { hidden: true });
  });

  test('nothing was asked of another host, and nothing else broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
