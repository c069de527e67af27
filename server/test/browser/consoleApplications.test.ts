import { describeWith } from '../support/available';
import { until } from '../support/until';
import { ConsoleVisit } from './consoleVisit';

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly allowedOrigins: readonly string[] | null;
  readonly requestsPerMinute: number | null;
  readonly verifySubscriptions: boolean;
  readonly requireUserProof: boolean;
  readonly canProveUsers: boolean;
}

describeWith('chromium', 'Applications in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const stored = async (name: string, key?: string) => {
    const { applications } = await visit.site.call<{ applications: Stored[] }>(
      '{ applications { id name allowedOrigins requestsPerMinute verifySubscriptions requireUserProof canProveUsers } }',
      {},
      key,
    );
    return applications.find((application) => application.name === name);
  };

  const secrets = () =>
    visit.page.$$eval('[data-testid=secret]', (found) => found.map((each) => String(each.textContent)));

  const create = async (name: string) => {
    await visit.open('/applications');
    await visit.heading('Applications');
    await visit.shows('default', 'tbody');
    await visit.click('Create an application');
    await visit.fill('Name', name, 'textbox');
    await visit.fill('Origins of its web pages', 'https://shop.example');
    await visit.page.keyboard.press('Enter');
    await visit.fill('Requests a minute', '600', 'textbox');
    await visit.click('Create');
    await visit.page.waitForSelector('[data-testid=secret]');
  };

  test('one is made with its settings, and its keys are shown once', async () => {
    await create('shop');
    const [adminKey = '', publishableKey = ''] = await secrets();
    expect(publishableKey).toMatch(/^fp_/);
    expect(await visit.site.call('{ viewer { applicationName scopes } }', {}, adminKey)).toEqual({
      viewer: { applicationName: 'shop', scopes: ['admin'] },
    });
    expect(await stored('shop')).toMatchObject({
      allowedOrigins: ['https://shop.example'],
      requestsPerMinute: 600,
      requireUserProof: true,
    });
    await visit.click('Done');
    await visit.shows('https://shop.example', 'tbody');
    expect(await visit.page.content()).not.toContain(adminKey);
  });

  test('a name that is taken is refused, and said to be so', async () => {
    await visit.open('/applications');
    await visit.click('Create an application');
    await visit.fill('Name', 'default', 'textbox');
    await visit.click('Create');
    await visit.shows('There is an application of this name already');
  });

  test('the settings of another one are changed, and a key is made for it', async () => {
    await create('newspaper');
    await visit.click('Done');
    await visit.click('newspaper', 'link');
    await visit.heading('newspaper');
    await visit.fill('Requests a minute', '');
    await visit.fill('Browsers of one user', '7');
    await visit.click('Save');
    await visit.shows('Saved.');
    await until(async () => (await stored('newspaper'))?.requestsPerMinute === null, 'no limit of its own');
    await visit.click('Create a key for it');
    await visit.fill('Name', 'press', 'textbox');
    await visit.click('Create');
    await visit.page.waitForSelector('[data-testid=secret]');
    const [secret = ''] = await secrets();
    expect(await visit.site.call('{ viewer { applicationName } }', {}, secret)).toEqual({
      viewer: { applicationName: 'newspaper' },
    });
  });

  test('an admin of another application sets up its own, and sees no others', async () => {
    await create('bank');
    const [key = ''] = await secrets();
    await visit.open('/settings', { key });
    await visit.heading('Settings');
    const links = await visit.page.$$eval('nav a', (found) => found.map((link) => link.textContent));
    expect(links).toContain('Settings');
    expect(links).not.toContain('Applications');
    await visit.shows('no key');
    await visit.fill('Shared secret (HS256)', 'too short');
    await visit.click('Store the key');
    await visit.shows('Must have 32 to 400 bytes');
    await visit.fill('Shared secret (HS256)', 'a secret of the test that is long enough');
    await visit.click('Store the key');
    await visit.shows('provable');
    expect(await stored('bank', key)).toMatchObject({ canProveUsers: true });
    await visit.click('Remove the keys');
    await visit.click('Remove them');
    await visit.shows('no key');
    await visit.page.locator('::-p-aria([name="A browser that names a user must prove it"])').click();
    await until(async () => (await stored('bank', key))?.requireUserProof === false, 'no proof asked for');
    await visit.page.goto(`${visit.site.origin}/console/applications`);
    await visit.shows('There is no such page');
  });

  test('a key that is no admin’s is not offered them', async () => {
    await visit.open('/settings', { key: await visit.newKey('notifications:read') });
    await visit.shows('There is no such page');
    const links = await visit.page.$$eval('nav a', (found) => found.map((link) => link.textContent));
    expect(links).toEqual(['Overview', 'Notifications', 'Playground']);
  });

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
