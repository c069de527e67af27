/** A MySQL or MariaDB server that takes no writes for a while, because another takes its place. */
import { createConnection } from 'mysql2/promise';
import { isUnavailable } from '../../../src/database/faults';
import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { MariadbNode } from '../../support/servers/mariadbNode';

describeWith('mariadbd', 'a server that takes no writes', () => {
  let node: MariadbNode;
  let database: Database;

  const asRoot = async (...statements: string[]) => {
    const connection = await createConnection(node.serverUrl);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };

  beforeAll(async () => {
    node = await MariadbNode.start();
    // root may write to it all the same
    await asRoot(
      'CREATE DATABASE fanfare',
      "CREATE USER app@'127.0.0.1'",
      "GRANT ALL ON fanfare.* TO app@'127.0.0.1'",
    );
    const url = new URL(node.url('fanfare'));
    url.username = 'app';
    database = await openDatabase({ kind: 'mysql', url: url.href });
    await database.migrate();
  });

  afterAll(async () => {
    await database?.close();
    await node?.remove();
  });

  const faultOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  const insertion = "INSERT INTO setting (name, value) VALUES ('a', '1')";
  const connectionId = async () => {
    const [row] = await database.sql.rows<{ id: number }>('SELECT CONNECTION_ID() AS id');
    return Number(row?.id);
  };

  test('is away for writes, and its connections are given up: its name may lead to another by now', async () => {
    const before = await connectionId();
    await asRoot('SET GLOBAL read_only = 1');
    const fault = await faultOf(database.sql.run(insertion));
    expect(fault).toMatchObject({ code: 'ER_OPTION_PREVENTS_STATEMENT' });
    expect(isUnavailable(fault)).toBe(true);
    expect(await connectionId()).not.toBe(before);
    expect(isUnavailable(await faultOf(database.transaction((tx) => tx.sql.run(insertion))))).toBe(true);
    await asRoot('SET GLOBAL read_only = 0');
    expect(await database.sql.run(insertion)).toMatchObject({ affected: 1 });
  });
});
