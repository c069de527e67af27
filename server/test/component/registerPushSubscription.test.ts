import { PushSubscription } from '../../src/database/entities/pushSubscription';
import { type Database, openDatabase } from '../../src/database/openDatabase';
import { registerPushSubscription } from '../../src/intake/registerPushSubscription';
import { MasterSecret } from '../../src/secrets/masterSecret';
import { SealedBox } from '../../src/secrets/sealedBox';
import { describeWith } from '../support/available';
import { type FreshDatabase, freshDatabase } from '../support/freshDatabase';
import { seedApplication } from '../support/seedApplication';
import { until } from '../support/until';

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

  /** A locking read that is still running while the row is ours can only be waiting for it. */
  const somebodyWaits = async () => {
    const rows = await database.sql.rows(
      `SELECT 1 FROM information_schema.processlist
       WHERE db = DATABASE() AND command = 'Query' AND id <> CONNECTION_ID() AND info LIKE '%FOR UPDATE%'`,
    );
    return rows.length > 0;
  };

  test('wakes a row that a worker retires at the same moment', async () => {
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
      await sql.run("UPDATE push_subscription SET retiredAt = 1, retiredReason = 'gone' WHERE id = ?", [id]);
      anew = register();
      await until(somebodyWaits, 'the registration to wait for the worker', 10_000);
    });
    await anew;

    const row = await database.entities.findOneByOrFail(PushSubscription, { id });
    expect(row).toMatchObject({ retiredAt: null, retiredReason: null, version: 2 });
  });
});
