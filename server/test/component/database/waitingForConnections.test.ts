/** A pool whose connections are all in use: how long, and how many, others wait for one. */
import { Setting } from '../../../src/database/entities/setting';
import { databaseErrorCode } from '../../../src/database/faults';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshMysql } from '../../support/engines/freshDatabase';

const usual = { timeoutMs: 5_000, silenceSeconds: 30, lockWaitSeconds: 1, acquireMs: 60_000, waiters: 1_000 };
const poolSize = 16;

describeWith('mysql', 'a pool whose connections are all in use', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', databaseErrorCode);
  const insert = (name: string) =>
    database.write((sql) => sql.run('INSERT INTO setting (name, value) VALUES (?, 1)', [name]));

  const open = async (bounds: Partial<typeof usual>) => {
    fresh = await freshMysql();
    database = await openDatabase(fresh.target, { ...usual, ...bounds });
    await database.migrate();
  };

  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  /** @returns what lets go of all connections, and resolves when that is done */
  const occupy = async () => {
    let closeShared = () => {};
    const released = new Promise<void>((resolve) => {
      closeShared = resolve;
    });
    const holders: Promise<void>[] = [];
    for (let held = 0; held < poolSize; held += 1) {
      await new Promise<void>((resolve, reject) => {
        const holder = database.sqlTransaction(async (sql) => {
          await sql.rows('SELECT 1');
          resolve();
          await released;
        });
        holder.catch(reject);
        holders.push(holder);
      });
    }
    return async () => {
      closeShared();
      await Promise.all(holders);
    };
  };

  test('refuses who has waited for long enough, who then holds none and has done nothing', async () => {
    await open({ acquireMs: 300 });
    const release = await occupy();
    const refused = [
      insert('a'),
      database.entities.findOneBy(Setting, { name: 'a' }),
      database.transaction((tx) => tx.sql.rows('SELECT 1')),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual(Array(3).fill('POOL_ACQUIRE_TIMEOUT'));
    await release();
    await (await occupy())();
    expect(await database.entities.find(Setting)).toEqual([]);
  });

  test('refuses at once who would be one too many, and serves all others', async () => {
    await open({ waiters: 3 });
    const release = await occupy();
    const waiting = ['a', 'b', 'c'].map(insert);
    expect(await codeOf(insert('d'))).toBe('POOL_ENQUEUELIMIT');
    expect(await codeOf(database.entities.find(Setting))).toBe('POOL_ENQUEUELIMIT');
    await release();
    expect(await Promise.all(waiting.map(codeOf))).toEqual(['done', 'done', 'done']);
    expect(await codeOf(insert('e'))).toBe('done');
  });
});
