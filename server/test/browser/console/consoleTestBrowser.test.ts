import type { Page } from 'puppeteer-core';
import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { installFakePushManager } from '../support/fakePushManager';
import { ConsoleVisit } from './consoleVisit';

const button = 'Send a test to this browser';

describeWith('chromium', 'A test to the own browser, from the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  /** The live keys that were made for such tests. */
  const keysMade = async (key: string) => {
    type Made = { id: string; name: string; revokedAt: string | null };
    const { apiKeys } = await visit.site.call<{ apiKeys: Made[] }>(
      '{ apiKeys { id name revokedAt } }',
      {},
      key,
    );
    return apiKeys.filter(({ name, revokedAt }) => name === 'console: test browsers' && !revokedAt);
  };
  /** What the person answers the browser's own question with. */
  const answering = (answer: 'granted' | 'default') => async (page: Page) => {
    await page.evaluateOnNewDocument(installFakePushManager);
    await page.evaluateOnNewDocument((given) => {
      const { Notification } = globalThis as unknown as { Notification: object };
      Object.defineProperty(Notification, 'permission', { get: () => given });
      Object.assign(Notification, {
        requestPermission: async () => {
          const { navigator } = globalThis as unknown as { navigator: { userActivation: object } };
          const keys = Object.keys((globalThis as unknown as { localStorage: object }).localStorage);
          Object.assign(globalThis, { asked: { keys, ...navigator.userActivation } });
          return given;
        },
      });
    }, answer);
  };
  const isDisabled = () =>
    visit.page.$eval(`::-p-aria([name="${button}"][role="button"])`, (found) =>
      Boolean(Reflect.get(found, 'disabled')),
    );
  const open = async (key: string, answer: 'granted' | 'default') => {
    await visit.open('/compose', { key, prepare: answering(answer) });
    await visit.fill('Title', 'Only a test', 'textbox');
    await until(async () => !(await isDisabled()), 'a button that tests');
  };
  const press = async (words: string | RegExp) => {
    await visit.click(button);
    await visit.shows(words, '.preview-side');
  };

  test('asks the person first, and makes no key when the answer is no', async () => {
    const { key } = await visit.makeApplication('dismissed');
    await open(key, 'default');
    await press('The prompt was closed');
    await press('The prompt was closed');
    expect(await keysMade(key)).toEqual([]);
    expect(await visit.page.evaluate('globalThis.asked.keys')).not.toContain('fanfare.console.publishable');
  });

  test('makes one key, however often it fails, and another one when that was revoked', async () => {
    const { key } = await visit.makeApplication('refused');
    await open(key, 'granted');
    // the endpoint of a push service that this server does not send to
    await press(/endpoint|push service/i);
    await press(/endpoint|push service/i);
    const [made, ...more] = await keysMade(key);
    expect(more).toEqual([]);
    await visit.site.call('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: made?.id }, key);
    await press(/key/i);
    await visit.heading('Compose');
    await until(async () => {
      await visit.click(button);
      return (await keysMade(key)).length > 0;
    }, 'another key');
    expect(await keysMade(key)).toHaveLength(1);
  });

  test('is not offered to a key that cannot subscribe the browser, which is told why', async () => {
    const { key: admin } = await visit.makeApplication('sender');
    const { createApiKey } = await visit.site.call<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { name: "sender", kind: SECRET, scopes: ["notifications:send"] }) { secret } }',
      {},
      admin,
    );
    await visit.open('/compose', { key: createApiKey.secret });
    await visit.fill('Title', 'Only a test', 'textbox');
    await visit.shows('A test to this browser takes a key with the scope admin', '.preview-side');
    await visit.shows(/\d+ of 3,993 bytes/, '[data-testid=payload-size]');
    expect(await isDisabled()).toBe(true);
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
