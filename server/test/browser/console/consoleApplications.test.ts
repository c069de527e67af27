import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { ConsoleVisit } from './consoleVisit';

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly allowedOrigins: readonly string[] | null;
  readonly requestsPerMinute: number | null;
  readonly verifySubscriptions: boolean;
  readonly requireUserProof: boolean;
  readonly canProveUsers: boolean;
  readonly welcome: Record<string, unknown> | null;
}

describeWith('chromium', 'Applications in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const stored = async (name: string, key?: string) => {
    const { applications } = await visit.site.call<{ applications: Stored[] }>(
      '{ applications { id name allowedOrigins requestsPerMinute verifySubscriptions requireUserProof canProveUsers welcome } }',
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

  test('another one is set up', async () => {
    await visit.makeApplication('books', { requestsPerMinute: 600 });
    await visit.open('/applications');
    await visit.click('books', 'link');
    await visit.heading('books');
    await visit.fill('Requests a minute', '900', 'textbox');
    await visit.saveLimits();
    await visit.shows('Saved.');
    expect(await stored('books')).toMatchObject({ requestsPerMinute: 900, verifySubscriptions: false });
  });

  test('what the API refuses is said, and the form keeps what was typed', async () => {
    const { id } = await visit.makeApplication('music');
    await visit.open(`/applications/${id}`);
    await visit.heading('music');
    await visit.turn('Send broadcasts to verified browsers only');
    await visit.saveWelcome();
    await visit.shows('Browsers that must be verified need a welcome.');
    await visit.turn('Send a welcome');
    await visit.shows('A welcome needs a title.');
    await visit.fill('Title', 'Hello', 'textbox');
    await visit.saveWelcome();
    await visit.shows('Saved.');
    expect(await stored('music')).toMatchObject({ verifySubscriptions: true, welcome: { title: 'Hello' } });
  });

  test('a key is made for another one, and acts in its name alone', async () => {
    const { id } = await visit.makeApplication('films');
    await visit.open(`/applications/${id}`);
    await visit.heading('films');
    await visit.click('Create a key for it');
    await visit.fill('Name', 'a partner of films', 'textbox');
    await visit.click('Create');
    await visit.page.waitForSelector('[data-testid=secret]');
    const [secret = ''] = await secrets();
    expect(await visit.site.call('{ viewer { name applicationName } }', {}, secret)).toEqual({
      viewer: { name: 'a partner of films', applicationName: 'films' },
    });
  });

  test('one is stopped after a question, which cancels what it has scheduled, and resumed', async () => {
    const { id, key } = await visit.makeApplication('radio');
    await visit.subscribe(1, 'radio', key);
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const message = { audience: { everyone: true }, content: { title: 'Later' }, sendAt };
    const scheduled = await visit.send(message, key);
    await visit.open(`/applications/${id}`);
    await visit.click('Stop this application');
    await visit.shows('Stop “radio”?');
    await visit.notNow();
    expect(await visit.statusOf(scheduled, key)).toBe('SCHEDULED');
    await visit.click('Stop this application');
    await visit.answer('Stop it');
    await visit.shows('Stopped on');
    await visit.shows('Its keys are refused, and nothing is sent.');
    expect(await axeFaults(visit.page)).toEqual([]);
    expect(await visit.statusOf(scheduled, key)).toBe('CANCELLED');
    await expect(visit.send(message, key)).rejects.toThrow('This application is stopped.');
    await visit.click('Resume it');
    await visit.shows('Stop this application');
    expect(await visit.text()).not.toContain('Stopped on');
    expect(await visit.statusOf(await visit.send(message, key), key)).toBe('SCHEDULED');
    expect(await visit.statusOf(scheduled, key)).toBe('CANCELLED');
  });

  test('one that is not there is said to be so', async () => {
    await visit.open('/applications/app_nothing');
    await visit.shows('There is no such application');
  });

  describe('as the admin of another application than the first', () => {
    test('settings are its own, and no other application is offered', async () => {
      const { key } = await visit.makeApplication('tickets');
      await visit.open('/settings', { key });
      await visit.shows('Of the application “tickets”');
      await visit.fill('Browsers of one user', '7', 'textbox');
      await visit.turn('Forget what notifications said');
      await visit.saveLimits();
      await visit.shows('Saved.');
      const { applications } = await visit.site.call<{ applications: object[] }>(
        '{ applications { name subscriptionsPerUser redactContent } }',
        {},
        key,
      );
      expect(applications).toEqual([{ name: 'tickets', subscriptionsPerUser: 7, redactContent: true }]);
      const links = await visit.page.$$eval('nav a', (found) => found.map((link) => link.textContent));
      expect(links).toContain('Settings');
      expect(links).not.toContain('Applications');
    });

    test('keys that prove users are stored, never shown, and removed', async () => {
      const { key } = await visit.makeApplication('travel');
      const secret = 'a shared secret of the test, which is long enough';
      const holds = (wanted: Partial<Stored>) =>
        until(async () => {
          const application = await stored('travel');
          return Object.entries(wanted).every(
            ([name, value]) => application?.[name as keyof Stored] === value,
          );
        }, JSON.stringify(wanted));
      await visit.open('/settings', { key });
      await visit.shows('no key');
      await visit.fill('Shared secret (HS256)', 'too short', 'textbox');
      await visit.click('Store the key');
      await visit.shows('32');
      await visit.fill('Shared secret (HS256)', secret, 'textbox');
      await visit.click('Store the key');
      await visit.shows('provable');
      await holds({ canProveUsers: true, requireUserProof: true });
      await visit.shows('Remove the keys');
      expect(await visit.page.content()).not.toContain(secret);
      await visit.turn('A browser that names a user must prove it');
      await holds({ requireUserProof: false });
      await visit.click('Remove the keys');
      await visit.click('Remove them');
      await visit.shows('no key');
      await holds({ canProveUsers: false });
    });
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
