import { describeWith } from '../support/available';
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
