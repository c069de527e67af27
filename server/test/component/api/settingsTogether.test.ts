/** Two admins who change different settings of an application at the same moment. */

import { configureUserProof } from '../../../src/actions/application/configureUserProof';
import { updateApplication } from '../../../src/actions/application/updateApplication';
import type { IntakeDeps } from '../../../src/actions/notification/acceptNotification';
import { Application } from '../../../src/database/entities/application';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { seedApplication } from '../../support/api/seedApplication';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshMysql } from '../../support/engines/freshDatabase';
import { until } from '../../support/until';

const userProofBox = new SealedBox(new MasterSecret('a secret for this test, long enough'), 'user-proof');

describeWith('mysql', 'settings that two admins change at the same moment', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshMysql();
    database = await openDatabase(fresh.target);
    await database.migrate();
  });

  afterAll(async () => {
    await database?.close();
    await fresh?.drop();
  });

  /** A locking read that is still running while the row is somebody else's can only be waiting for it. */
  const somebodyWaits = async () => {
    const rows = await database.sql.rows(
      `SELECT 1 FROM information_schema.processlist
       WHERE db = DATABASE() AND command = 'Query' AND id <> CONNECTION_ID() AND info LIKE '%FOR UPDATE%'`,
    );
    return rows.length > 0;
  };

  /** The same database, in which `meanwhile` happens between the reading of an entity and its saving. */
  const interrupted = (meanwhile: () => Promise<void>): Database => ({
    ...database,
    transaction: (work) =>
      database.transaction((tx) => {
        const save = tx.entities.save.bind(tx.entities);
        jest.spyOn(tx.entities, 'save').mockImplementationOnce(async (entity: unknown) => {
          await meanwhile();
          return save(entity as Application);
        });
        return work(tx);
      }),
  });

  const update = (on: Database, id: number) => {
    const intake: IntakeDeps = {
      ...{ database: on, ids: new PublicIds('salt'), receiptUrl: 'https://example.org/r' },
      ...{ receiptTokenLength: 20, announce: () => undefined },
    };
    return updateApplication({ database: on, intake }, id, { redactContent: true });
  };
  const prove = (on: Database, id: number) =>
    configureUserProof({ database: on, userProofBox }, id, { required: true });

  test.each([
    ['one changes how users are proved while the other changes the rest', update, prove],
    ['one changes the rest while the other changes how users are proved', prove, update],
  ])('are both kept: %s', async (_how, slow, quick) => {
    const { id } = await seedApplication(database);
    await database.entities.update(Application, id, { requireUserProof: false, redactContent: false });
    let between: Promise<unknown> | undefined;
    let isDone = false;
    await slow(
      interrupted(async () => {
        between = quick(database, id).finally(() => {
          isDone = true;
        });
        await until(async () => isDone || (await somebodyWaits()), 'the other to be done, or to wait');
      }),
      id,
    );
    await between;
    expect(isDone).toBe(true);
    const row = await database.entities.findOneByOrFail(Application, { id });
    expect(row).toMatchObject({ requireUserProof: true, redactContent: true });
  });
});
