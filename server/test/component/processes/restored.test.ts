/** `fanfare restored`: what a restore brought back is taken back again, as a whole or not at all. */

import { createApiKey } from '../../../src/actions/apiKey/createApiKey';
import { listRevocations } from '../../../src/commands/restored/listRevocations';
import { afterRestore, type RestoredOptions } from '../../../src/commands/restored/restored';
import { restoreReport } from '../../../src/commands/restored/restoreReport';
import { revocationLine } from '../../../src/commands/restored/revocation';
import { withDatabaseAlone } from '../../../src/commands/withDatabaseAlone';
import { type Config, readConfig } from '../../../src/config';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import type { ApiKeyScope } from '../../../src/model/apiKey';
import type { PublicIds } from '../../../src/model/ids/publicIds';
import { bootstrap } from '../../../src/processes/bootstrap';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { PersonHashes } from '../../../src/secrets/personHashes';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { must, sendTo, subscribeOne } from '../../support/api/accessWorld';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import type { SeededApplication } from '../../support/api/seedApplication';
import { type Backup, takeBackup } from '../../support/engines/backup';
import { describeEachKind } from '../../support/engines/engines';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';

const secretText = 'the secret of this installation, long enough';
const secret = new MasterSecret(secretText);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describeEachKind('after a restore', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  let api: ApiServer;
  let ids: PublicIds;
  let backup: Backup;
  let config: Config;
  let main: SeededApplication;
  let shop: { id: string; secret: string };
  const browsers: Record<string, string> = {};
  let scheduled: string;
  let tenant: { id: string; adminKey: string };
  let lines: string;

  /** Opens the database and serves it with the keys and ids of the installation. */
  const serve = async () => {
    database = await openDatabase(fresh.target);
    const vapidBox = new SealedBox(secret, 'vapid');
    const installation = await bootstrap({
      ...{
        database,
        secret,
        vapidBox,
        production: false,
        demo: false,
        keepsKeys: false,
        adminKey: undefined,
      },
    });
    ids = installation.ids;
    api = await startApiServer(database, {
      ...{ ids, vapidBox, authBox: new SealedBox(secret, 'auth') },
      personHashes: new PersonHashes(secret),
    });
    return installation;
  };
  const leave = async () => {
    await api.stop();
    await database.close();
  };

  const ask = <Data>(query: string, variables: Record<string, unknown> = {}) =>
    must<Data>(api, main, query, variables);
  const subscribe = async (name: string, userId: string, tags: string[] = []) => {
    browsers[name] = await subscribeOne(api, main, { userId, tags });
  };
  /** The row behind a public id. */
  const row = async (table: string, publicId: string | undefined) => {
    const id = ids.decodeOne(idKinds[table] ?? 'notification', publicId ?? '');
    const [found] = await database.sql.rows<Record<string, unknown>>(`SELECT * FROM ${table} WHERE id = ?`, [
      id ?? 0,
    ]);
    return found;
  };
  const idKinds: Record<string, 'apiKey' | 'application' | 'subscription'> = {
    api_key: 'apiKey',
    application: 'application',
    push_subscription: 'subscription',
  };
  const forget = (userId: string) => ask('mutation ($id: ID!) { deletePerson(userId: $id) }', { id: userId });
  const detach = (name: string) =>
    database.write((sql) =>
      sql.run('UPDATE push_subscription SET userId = NULL, userLeftAt = ? WHERE id = ?', [
        Date.now(),
        ids.decodeOne('subscription', browsers[name] ?? '') ?? 0,
      ]),
    );

  beforeAll(async () => {
    fresh = await freshDatabase(kind);
    config = readConfig({ FANFARE_DATABASE_URL: fresh.url, FANFARE_SECRET: secretText, FANFARE_PORT: '0' });
    await (await openDatabase(fresh.target)).close();
    const { applicationId } = await serve();
    const key = (keyKind: 'SECRET' | 'PUBLISHABLE', scopes: ApiKeyScope[]) =>
      createApiKey({ database }, { applicationId, name: 'test', kind: keyKind, scopes });
    const [admin, publishable] = [await key('SECRET', ['admin']), await key('PUBLISHABLE', [])];
    main = {
      ...{ id: applicationId, admin: admin.secret, publishable: publishable.secret, vapidPublicKey: '' },
      secretKey: async (...scopes) => (await key('SECRET', scopes)).secret,
    };
    await populate();
    const since = Date.now();
    backup = await takeBackup(fresh.target);
    await takeBack();
    lines = await revocationsSince(since - 60_000);
  }, 60_000);

  const populate = async () => {
    const made = await createApiKey(
      { database },
      { applicationId: main.id, name: 'shop', kind: 'SECRET', scopes: ['notifications:send'] },
    );
    shop = { id: ids.encode('apiKey', made.apiKey.id), secret: made.secret };
    await ask(
      'mutation ($id: ID!) { updateApplication(id: $id, settings: { protectedTags: ["board"] }) { id } }',
      { id: ids.encode('application', main.id) },
    );
    await subscribe('ann', 'ann', ['board', 'news']);
    await subscribe('bob', 'bob');
    await subscribe('cid', 'cid');
    await subscribe('dora', 'dora');
    await subscribe('fred', 'fred');
    await forget('fred');
    // came back before the backup
    await subscribe('fred', 'fred');
    await subscribe('gus', 'gus');
    await detach('gus');
    await database.write((sql) =>
      sql.run('UPDATE push_subscription SET userId = ? WHERE id = ?', [
        'hal',
        ids.decodeOne('subscription', browsers.gus ?? '') ?? 0,
      ]),
    );
    // eve has no browser
    await sendTo(api, main, 'eve');
    await sendTo(api, main, 'bob');
    const later = await ask<{ sendNotification: { notification: { id: string } } }>(
      `mutation ($at: DateTime!) { sendNotification(input: { audience: { everyone: true }, sendAt: $at,
         content: { title: "x" } }) { notification { id } } }`,
      { at: inAnHour() },
    );
    scheduled = later.sendNotification.notification.id;
    const { createApplication } = await ask<{
      createApplication: { application: { id: string }; adminKey: string };
    }>('mutation { createApplication(input: { name: "tenant" }) { application { id } adminKey } }');
    tenant = { id: createApplication.application.id, adminKey: createApplication.adminKey };
  };

  /** What happens after the backup. */
  const takeBack = async () => {
    const lost = await createApiKey(
      { database },
      { applicationId: main.id, name: 'lost', kind: 'SECRET', scopes: [] },
    );
    for (const id of [shop.id, ids.encode('apiKey', lost.apiKey.id)]) {
      await ask('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id });
    }
    await ask('mutation ($id: ID!) { retirePushSubscription(id: $id) }', { id: browsers.bob });
    await detach('ann');
    for (const userId of ['dora', 'eve']) await forget(userId);
    await ask('mutation ($id: ID!) { cancelNotification(id: $id) { id } }', { id: scheduled });
    const [before] = await vapidKeys(tenant.adminKey);
    const asTenant = { ...main, admin: tenant.adminKey };
    await must(api, asTenant, 'mutation { rotateVapidKey { publicKey } }');
    await must(api, asTenant, 'mutation ($key: String!) { retireVapidKey(publicKey: $key) { publicKey } }', {
      key: before?.publicKey,
    });
    await ask('mutation ($id: ID!) { stopApplication(id: $id) { id } }', { id: tenant.id });
  };

  const vapidKeys = async (key: string) =>
    (
      await api.call<{ vapidKeys: { publicKey: string; retiredAt: string | null }[] }>(
        key,
        '{ vapidKeys { publicKey retiredAt } }',
      )
    ).data?.vapidKeys ?? [];

  const revocationsSince = async (since: number) => {
    const found: string[] = [];
    for await (const each of listRevocations(database, since)) found.push(revocationLine(each, ids));
    return found.join('\n');
  };

  const restore = async () => {
    await leave();
    await backup.playBack();
  };
  const run = (options: RestoredOptions = {}, file?: string) =>
    withDatabaseAlone(config, (alone) => afterRestore(config, alone, options, file));

  afterEach(async () => {
    // a test that failed before it opened the database again
    if (!database) return;
    await database.sql.rows('SELECT 1').catch(() => serve());
  });
  afterAll(async () => {
    await leave();
    await backup.discard();
    await fresh.drop();
  });

  test('without the file everything is back, and the report says what to look at', async () => {
    await restore();
    const report = await run();
    await serve();
    expect((await row('api_key', shop.id))?.revokedAt).toBeNull();
    expect((await row('push_subscription', browsers.bob))?.retiredAt).toBeNull();
    expect(report.keys.map(({ name }) => name)).toContain('shop');
    expect(report).toMatchObject({
      applied: undefined,
      pending: { due: 1, deliveries: 1, overdue: 0, scheduled: 1 },
    });
    expect(report.browsers).toBe(6);
    const text = restoreReport(report).join('\n');
    expect(text).toContain('"shop" of "default", secret, created ');
    expect(text).toContain('everything that was revoked, unsubscribed, cancelled or forgotten since is back');
    expect(text).toContain('goes on sending: 1, 0 of them');
    expect(text).toMatch(/last written at \d{4}-/);
  });

  test('the file takes back every kind, twice over, and spares who came back before the backup', async () => {
    await restore();
    for (const time of ['first', 'second']) {
      const { applied } = await run({}, lines);
      expect([time, Object.fromEntries(applied ?? [])]).toEqual([
        time,
        {
          'api-key': { given: 2, found: 1 },
          application: { given: 1, found: 1 },
          'vapid-key': { given: 1, found: 1 },
          notification: { given: 1, found: 1 },
          'push-subscription': { given: 1, found: 1 },
          'user-left': { given: 2, found: time === 'first' ? 1 : 0 },
          person: { given: 3, found: time === 'first' ? 2 : 0 },
        },
      ]);
    }
    await serve();
    expect((await row('api_key', shop.id))?.revokedAt).not.toBeNull();
    expect(
      (await api.call(shop.secret, '{ __typename notifications(first: 1) { edges { cursor } } }')).errors?.[0]
        ?.extensions.code,
    ).toBe('UNAUTHENTICATED');
    expect(await row('push_subscription', browsers.bob)).toMatchObject({ retiredReason: 'retired' });
    expect(await row('push_subscription', browsers.ann)).toMatchObject({ userId: null, retiredAt: null });
    const tags = await database.sql.rows('SELECT tag FROM subscription_tag');
    expect(tags).toEqual([{ tag: 'news' }]);
    expect(await row('push_subscription', browsers.cid)).toMatchObject({ userId: 'cid', retiredAt: null });
    expect(await row('push_subscription', browsers.dora)).toBeUndefined();
    expect(await row('push_subscription', browsers.fred)).toMatchObject({ userId: 'fred', retiredAt: null });
    expect(await row('push_subscription', browsers.gus)).toMatchObject({ userId: 'hal', retiredAt: null });
    expect(await row('notification', scheduled)).toMatchObject({ status: 'CANCELLED' });
    const named = await database.sql.rows(`SELECT id FROM notification WHERE INSTR(audience, '"eve"') > 0`);
    expect(named).toEqual([]);
    expect((await row('application', tenant.id))?.stoppedAt).not.toBeNull();
    const keys = await vapidKeys(tenant.adminKey);
    expect(keys.map(({ retiredAt }) => retiredAt === null)).toEqual([true, false]);
  });

  test('a file with one faulty line changes nothing', async () => {
    await restore();
    await expect(run({}, `${lines}\nnonsense`)).rejects.toThrow(/line \d+\. Nothing was applied/);
    await serve();
    expect((await row('api_key', shop.id))?.revokedAt).toBeNull();
    const next = await createApiKey(
      { database },
      { applicationId: main.id, name: 'next', kind: 'SECRET', scopes: [] },
    );
    expect(next.apiKey.id).toBeLessThan(1_000);
  });

  test('with a secret that is not that of the backup nothing is applied', async () => {
    await restore();
    const other = { ...config, secret: 'x'.repeat(32) };
    const refused = withDatabaseAlone(config, (alone) => afterRestore(other, alone, {}, lines));
    await expect(refused).rejects.toThrow('does not open what this database holds');
    await serve();
    expect((await row('api_key', shop.id))?.revokedAt).toBeNull();
  });

  test('every key can be revoked, and what was due cancelled', async () => {
    await restore();
    const report = await run({ revokeAllKeys: true, cancelPending: true });
    await serve();
    expect(await database.sql.rows('SELECT id FROM api_key WHERE revokedAt IS NULL')).toEqual([]);
    expect(report).toMatchObject({ cancelled: 1, keys: [], pending: { due: 0, overdue: 0, scheduled: 1 } });
    expect(report.revokedKeys).toBeGreaterThan(3);
    expect(await database.sql.rows("SELECT id FROM notification WHERE status = 'SENDING'")).toEqual([]);
    const text = restoreReport(report).join('\n');
    expect(text).toContain('npx fanfare keys create --name admin --scopes admin');
    expect(text).toContain('were due: 1, now cancelled');
  });

  test('what was scheduled for a time that has passed is told, and cancelled with the rest', async () => {
    await restore();
    const late = openDatabase(fresh.target);
    await (await late).write((sql) =>
      sql.run("UPDATE notification SET expandDueAt = 1, sendAt = 1 WHERE status = 'SCHEDULED'"),
    );
    await (await late).close();
    expect((await run()).pending).toMatchObject({ due: 2, overdue: 1, scheduled: 0 });
    expect(await run({ cancelPending: true })).toMatchObject({ cancelled: 2, pending: { due: 0 } });
  });

  test('is refused while somebody works on the database', async () => {
    await restore();
    if (kind === 'mysql') {
      const client = await openDatabase(fresh.target);
      await expect(run()).rejects.toThrow(/Somebody else works on this database \(connected: /);
      await client.close();
    }
    const first = withDatabaseAlone(config, () => run().catch((error: unknown) => error));
    expect(String(await first)).toContain('Somebody else works on this database');
    await run();
  });

  test('is refused where there is no database, and none is made', async () => {
    const nowhere = { database: { kind: 'sqlite' as const, file: '/tmp/fanfare-nowhere/fanfare.db' } };
    await expect(withDatabaseAlone(nowhere, async () => undefined)).rejects.toThrow(
      'There is no database at',
    );
  });
});
