import { type Database, openDatabase } from '../../src/database/openDatabase';
import { describeWith } from './available';
import { type FreshDatabase, freshDatabase } from './freshDatabase';

/**
 * Runs the same tests on SQLite and on MySQL or MariaDB: `body` gets a way to a migrated database that the whole
 * block shares and that is dropped after it. Call it inside hooks and tests only.
 */
export function describeEachDatabase(name: string, body: (database: () => Database) => void): void {
  for (const kind of ['sqlite', 'mysql'] as const) describeDatabase(kind, name, body);
}

function describeDatabase(
  kind: 'sqlite' | 'mysql',
  name: string,
  body: (database: () => Database) => void,
): void {
  const needs = kind === 'mysql' ? (['mysql'] as const) : [];
  describeWith(needs, `${name} on ${kind}`, () => {
    let fresh: FreshDatabase;
    let database: Database | undefined;

    beforeAll(async () => {
      fresh = await freshDatabase(kind);
      database = await openDatabase(fresh.target);
      await database.migrate();
    });

    afterAll(async () => {
      await database?.close();
      await fresh?.drop();
    });

    body(() => {
      if (!database) throw new Error('The database is open only while tests run.');
      return database;
    });
  });
}
