/** A database server or network that falls silent: nobody waits for good, and no lock outlives its holder. */
import { Setting } from '../../../src/database/entities/setting';
import { isUnavailable } from '../../../src/database/faults';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { type FreshDatabase, freshMysql } from '../../support/engines/freshDatabase';
import { startTcpProxy, type TcpProxy } from '../../support/servers/tcpProxy';
import { until } from '../../support/until';

const bounds = { timeoutMs: 500, silenceSeconds: 2, lockWaitSeconds: 1, acquireMs: 5_000, waiters: 1_000 };

describeWith('mysql', 'a database that falls silent', () => {
  let fresh: FreshDatabase;
  let network: TcpProxy;
  let database: Database;
  let untouched: Database;

  beforeEach(async () => {
    fresh = await freshMysql();
    network = await startTcpProxy(Number(new URL(fresh.url).port));
    const url = new URL(fresh.url);
    url.port = String(network.port);
    database = await openDatabase({ kind: 'mysql', url: url.href }, bounds);
    untouched = await openDatabase(fresh.target, bounds);
    await untouched.migrate();
    await untouched.entities.insert(Setting, { name: 'a', value: '1' });
  });

  afterEach(async () => {
    await network.close();
    await untouched.close();
    await database.close();
    await fresh.drop();
  });

  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error !== undefined && isUnavailable(error);
  };
  const update = (of: Pick<Database, 'sql'>, value: string) =>
    of.sql.run('UPDATE setting SET value = ? WHERE name = ?', [value, 'a']);

  test('every kind of access fails as unavailable, and works again on new connections', async () => {
    network.freeze();
    const accesses = [
      database.sql.rows('SELECT 1'),
      database.write((sql) => sql.run('UPDATE setting SET value = 2')),
      database.entities.findOneBy(Setting, { name: 'a' }),
      database.transaction((tx) => tx.sql.rows('SELECT 1')),
    ];
    expect(await Promise.all(accesses.map(refusal))).toEqual([true, true, true, true]);
    network.heal();
    // as many as the pool has, so that a connection that was lost would be met
    const rows = await Promise.all(Array.from({ length: 32 }, () => database.sql.rows('SELECT 1')));
    expect(rows).toHaveLength(32);
    expect(await database.entities.findOneBy(Setting, { name: 'a' })).toMatchObject({ value: '1' });
  });

  test('the server lets go of what a transaction held whose network went away', async () => {
    const lost = database.transaction(async (tx) => {
      await update(tx, '2');
      network.freeze();
      await update(tx, '3');
    });
    expect(await refusal(lost)).toBe(true);
    await until(
      () =>
        update(untouched, '4').then(
          () => true,
          () => false,
        ),
      'the lock to be free',
      10_000,
    );
    expect(await untouched.entities.findOneBy(Setting, { name: 'a' })).toMatchObject({ value: '4' });
  });
});
