import { registerPushSubscription } from '../../../src/actions/pushSubscription/registerPushSubscription';
import { retireVapidKey } from '../../../src/actions/vapidKey/retireVapidKey';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { VapidKey } from '../../../src/database/entities/vapidKey';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { seedApplication } from '../../support/api/seedApplication';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';
import { until } from '../../support/until';

describeWith(['mysql'], 'registering a push subscription', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase('mysql');
    database = await openDatabase(fresh.target);
    await database.migrate();
  });

  afterAll(async () => {
    await database?.close();
    await fresh?.drop();
  });

  /** A statement that needs a lock and is still running while the row is ours can only be waiting for it. */
  const somebodyWaits = async (statement = '%FOR UPDATE%') => {
    const rows = await database.sql.rows(
      `SELECT 1 FROM information_schema.processlist
       WHERE db = DATABASE() AND command = 'Query' AND id <> CONNECTION_ID() AND info LIKE ?`,
      [statement],
    );
    return rows.length > 0;
  };

  test('wakes a row that a worker retires at the same moment, and keeps what it knows of accepts', async () => {
    const { id: applicationId } = await seedApplication(database);
    const authBox = new SealedBox(new MasterSecret('a secret for this test, long enough'), 'auth');
    const register = () =>
      registerPushSubscription(
        { database, authBox },
        {
          ...{ applicationId, endpoint: 'https://push.example.org/a' },
          ...{ pushService: 'push.example.org', p256dh: Buffer.alloc(65, 4), auth: Buffer.alloc(16, 1) },
        },
      );
    const { id } = (await register()).subscription;

    let anew: Promise<unknown> = Promise.resolve();
    await database.transaction(async ({ sql }) => {
      const ended = "retiredAt = 1, retiredReason = 'gone', neverAcceptedSince = NULL";
      await sql.run(`UPDATE push_subscription SET ${ended} WHERE id = ?`, [id]);
      anew = register();
      await until(somebodyWaits, 'the registration to wait for the worker', 10_000);
    });
    await anew;

    const row = await database.entities.findOneByOrFail(PushSubscription, { id });
    expect(row).toMatchObject({ retiredAt: null, retiredReason: null, neverAcceptedSince: null, version: 2 });
  });

  test('takes nothing over from one that another has just replaced', async () => {
    const { id: applicationId } = await seedApplication(database);
    const authBox = new SealedBox(new MasterSecret('a secret for this test, long enough'), 'auth');
    const auth = Buffer.alloc(16, 1);
    const register = (endpoint: string, replaces: { replaces?: string; replacesAuth?: Buffer } = {}) =>
      registerPushSubscription(
        { database, authBox },
        {
          ...{ applicationId, endpoint, pushService: 'push.example.org', p256dh: Buffer.alloc(65, 4), auth },
          ...replaces,
        },
      );
    const { id, endpoint } = (await register('https://push.example.org/old')).subscription;
    await database.write((sql) => sql.run('UPDATE push_subscription SET verifiedAt = 1 WHERE id = ?', [id]));

    let heir: ReturnType<typeof register> | undefined;
    await database.transaction(async ({ sql }) => {
      await sql.run('UPDATE push_subscription SET retiredAt = 1, verifiedAt = NULL WHERE id = ?', [id]);
      heir = register('https://push.example.org/new', { replaces: endpoint, replacesAuth: auth });
      await until(somebodyWaits, 'the registration to wait for the other', 10_000);
    });
    expect((await heir)?.subscription.verifiedAt).toBeNull();
  });

  test('leaves nobody alive with a key that is retired by force at the same moment', async () => {
    const { id: applicationId, vapidPublicKey } = await seedApplication(database);
    await database.transaction((tx) =>
      tx.entities.insert(VapidKey, {
        applicationId,
        publicKey: 'the current one',
        sealedPrivateKey: Buffer.alloc(61, 1),
        createdAt: 1,
      }),
    );
    const retired: { by?: Promise<boolean>; isDone: boolean } = { isDone: false };
    // once the key is read, it is retired; the registration goes on when that is done, or waits
    const slowly: Database['sqlTransaction'] = (work) =>
      database.sqlTransaction((sql) =>
        work({
          ...sql,
          batch: async (statements) => {
            const results = await sql.batch(statements);
            retired.by ??= retireVapidKey({ database }, applicationId, vapidPublicKey, true).finally(() => {
              retired.isDone = true;
            });
            await until(
              async () => retired.isDone || (await somebodyWaits('%UPDATE%vapid_key%')),
              'the key to be retired, or that to wait',
            );
            return results;
          },
        }),
      );
    const { subscription } = await registerPushSubscription(
      {
        database: { ...database, sqlTransaction: slowly },
        authBox: new SealedBox(new MasterSecret('a secret for this test, long enough'), 'auth'),
      },
      {
        ...{ applicationId, applicationServerKey: vapidPublicKey, endpoint: 'https://push.example.org/b' },
        ...{ pushService: 'push.example.org', p256dh: Buffer.alloc(65, 4), auth: Buffer.alloc(16, 1) },
      },
    );
    await retired.by;
    const row = await database.entities.findOneByOrFail(PushSubscription, { id: subscription.id });
    expect(row).toMatchObject({ retiredAt: expect.any(Number), retiredReason: 'vapid-key-retired' });
  });
});
