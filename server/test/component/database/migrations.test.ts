/** Migrations of MySQL and MariaDB, whose DDL knows no transactions: interrupted after each statement, and run again. */
import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrations } from '../../../src/database/migrations/migrations';
import { openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { describeEachKind } from '../../support/engines/engines';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';

class Interrupted extends Error {}

/** A runner on which the process dies right after the statement of this number, from 1 on. */
function dyingAfter(runner: QueryRunner, most: number): QueryRunner {
  let statements = 0;
  const query = async (text: string, parameters?: unknown[]) => {
    const result = await runner.query(text, parameters).finally(() => {
      statements += 1;
    });
    if (statements === most) throw new Interrupted();
    return result;
  };
  return Object.assign(Object.create(runner), { query });
}

/** Runs a migration and dies after its first statement, then after its second, and so on until it is done. */
async function runInPieces(migration: MigrationInterface, runner: QueryRunner): Promise<number> {
  for (let deaths = 0; ; deaths += 1) {
    try {
      await migration.up(dyingAfter(runner, deaths + 1));
      return deaths;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
}

/** Tables, columns and indexes as the server describes them. */
async function schemaOf(source: DataSource): Promise<string[]> {
  const tables: Record<string, string>[] = await source.query('SHOW TABLES');
  const described: string[] = [];
  for (const name of tables.flatMap((row) => Object.values(row))) {
    if (name === 'migration') continue;
    const [row] = await source.query(`SHOW CREATE TABLE ${name}`);
    described.push(
      String(row['Create Table'])
        .replace(/ AUTO_INCREMENT=\d+/, '')
        .replace(/DEFAULT \d{13}/, 'DEFAULT <now>'),
    );
  }
  return described.sort();
}

describeWith('mysql', 'A migration that was killed', () => {
  const fresh: FreshDatabase[] = [];
  const sourceOf = async () => {
    const database = await freshDatabase('mysql');
    fresh.push(database);
    return new DataSource({
      type: 'mysql',
      connectorPackage: 'mysql2',
      url: database.url,
      charset: 'utf8mb4_bin',
    } as DataSourceOptions).initialize();
  };

  afterAll(async () => {
    for (const database of fresh) await database.drop();
  });

  test('goes on where it ended, whichever statement was the last, and leaves the same schema', async () => {
    const [killed, whole] = await Promise.all([sourceOf(), sourceOf()]);
    const [runner, wholeRunner] = [killed.createQueryRunner(), whole.createQueryRunner()];
    let deaths = 0;
    for (const Migration of migrations) {
      deaths += await runInPieces(new Migration(), runner);
      await new Migration().up(wholeRunner);
    }
    await Promise.all([runner.release(), wholeRunner.release()]);
    expect(deaths).toBeGreaterThan(30);
    expect(await schemaOf(killed)).toEqual(await schemaOf(whole));
    await Promise.all([killed.destroy(), whole.destroy()]);
  });
});

describeEachKind('A database that a newer version has migrated', (kind) => {
  test('is refused by name, and not touched', async () => {
    const fresh = await freshDatabase(kind);
    const database = await openDatabase(fresh.target);
    await database.migrate();
    await database.write((sql) =>
      sql.run('INSERT INTO migration (timestamp, name) VALUES (?, ?)', [1999999999999, 'Later1999999999999']),
    );
    await expect(database.migrate()).rejects.toThrow('newer version of Fanfare: Later1999999999999');
    await database.close();
    await fresh.drop();
  });
});
