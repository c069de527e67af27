import { describeWith } from '../../support/engines/available';
import { until } from '../../support/until';
import { axeFaults } from '../axeFaults';
import { ConsoleVisit } from './consoleVisit';

interface VapidKey {
  readonly publicKey: string;
  readonly retiredAt: string | null;
  readonly subscriptions: number;
}

describeWith('chromium', 'Keys in the console', () => {
  let visit: ConsoleVisit;

  beforeAll(async () => {
    visit = await ConsoleVisit.start();
  }, 120_000);

  afterAll(() => visit?.close());

  const vapidKeys = async (key?: string) =>
    (
      await visit.site.call<{ vapidKeys: VapidKey[] }>(
        '{ vapidKeys { publicKey retiredAt subscriptions } }',
        {},
        key,
      )
    ).vapidKeys;

  const rotate = async () => {
    await visit.click('Rotate');
    await visit.shows('Rotate the VAPID key?');
    await visit.answer('Make a new key');
  };

  const rowOf = (name: string) =>
    visit.page.$$eval(
      'tr',
      (rows, wanted) => rows.map((row) => String(row.textContent)).find((row) => row.includes(wanted)) ?? '',
      name,
    );

  test('an API key says when it was last used', async () => {
    const secret = await visit.newKey('notifications:read');
    await visit.open('/keys');
    await until(async () => (await rowOf('test notifications:read')).includes('never'), 'a key never used');
    await visit.site.call('{ viewer { name } }', {}, secret);
    await until(async () => {
      await visit.open('/keys');
      await visit.shows('test notifications:read');
      return (await rowOf('test notifications:read')).includes('just now');
    }, 'a key used just now');
  });

  test('a key is revoked, alone or together with what it has scheduled', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const message = { audience: { everyone: true }, content: { title: 'Later' }, sendAt };
    const secret = await visit.newKey('notifications:send');
    const stolen = await visit.newKey('notifications:send', 'notifications:read');
    const [kept, own] = [await visit.send(message, secret), await visit.send(message)];
    const taken = [await visit.send(message, stolen), await visit.send(message, stolen)];
    const statuses = () => Promise.all([kept, own, ...taken].map((id) => visit.statusOf(id)));
    await visit.open('/keys');
    await visit.click('Revoke test notifications:send');
    await visit.answer('Revoke it');
    const again = '[aria-label="Revoke test notifications:send"]';
    await until(async () => (await visit.page.$(again)) === null, 'the end of a key');
    await visit.click('Revoke test notifications:send,notifications:read');
    await visit.turn('Also cancel unfinished notifications that it has sent');
    await visit.answer('Revoke it');
    await until(
      async () => (await statuses()).slice(2).every((each) => each === 'CANCELLED'),
      'the cancelling',
    );
    expect(await statuses()).toEqual(['SCHEDULED', 'SCHEDULED', 'CANCELLED', 'CANCELLED']);
    await expect(visit.send(message, stolen)).rejects.toThrow('UNAUTHENTICATED');
  });

  test('a rotation shows how far it is, and an older key is retired by force after a question', async () => {
    const before = (await vapidKeys())[0]?.subscriptions ?? 0;
    const count = before.toLocaleString('en');
    await visit.open('/keys');
    await visit.shows('VAPID keys');
    await rotate();
    await visit.shows(`0 of ${count} browsers moved (0%), ${count} to go`, '[data-testid=rotation]');
    await visit.subscribe(1, 'rotated');
    await visit.open('/keys');
    await visit.shows(`1 of ${(before + 1).toLocaleString('en')} browsers moved`, '[data-testid=rotation]');
    const old = (await vapidKeys())[1];
    const retire = `Retire by force the key ${old?.publicKey.slice(0, 8)}`;
    await visit.click(retire);
    await visit.shows(`Retire this VAPID key and lose ${count} browsers?`);
    await visit.notNow();
    expect((await vapidKeys())[1]).toEqual(old);
    await visit.click(retire);
    await visit.click(`Retire it, lose ${count} browsers`);
    await visit.shows('retired');
    await until(async () => (await vapidKeys())[1]?.subscriptions === 0, 'no browser of the old key');
    expect((await vapidKeys())[1]?.retiredAt).not.toBeNull();
    expect((await vapidKeys())[0]).toMatchObject({ retiredAt: null, subscriptions: 1 });
    expect(await visit.page.$('[data-testid=rotation]')).toBeNull();
  });

  test('a key that no browser uses is retired without losing anybody', async () => {
    const { createApplication } = await visit.site.call<{ createApplication: { adminKey: string } }>(
      'mutation { createApplication(input: { name: "unused" }) { adminKey } }',
    );
    const { adminKey } = createApplication;
    await visit.open('/keys', { key: adminKey });
    await visit.shows('VAPID keys');
    expect(await visit.page.$$('[aria-label^="Retire"]')).toEqual([]);
    await rotate();
    await visit.shows('The rotation is over', '[data-testid=rotation]');
    const old = (await vapidKeys(adminKey))[1];
    await visit.click(`Retire the key ${old?.publicKey.slice(0, 8)}`);
    await visit.shows('No browser uses it any more');
    await visit.click('Retire it');
    await until(async () => (await vapidKeys(adminKey))[1]?.retiredAt, 'a retired key');
    await visit.shows('retireVapidKey');
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'axe finds no serious fault during a rotation in %s colours at %d pixels',
    async (scheme, width) => {
      await visit.site.call('mutation { rotateVapidKey { publicKey } }');
      await visit.open('/keys', { width, scheme });
      await visit.page.waitForSelector('[data-testid=rotation]');
      expect(await axeFaults(visit.page)).toEqual([]);
    },
  );

  test('nothing was asked of another host, and nothing broke', () => {
    expect(visit.site.faults).toEqual([]);
  });
});
