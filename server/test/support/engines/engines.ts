import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from './available';
import { type FreshDatabase, freshDatabase } from './freshDatabase';

/** Runs the same tests for both kinds of database; for MySQL and MariaDB they are skipped where there is none. */
export function describeEachKind(name: string, body: (kind: 'sqlite' | 'mysql') => void): void {
  describe(`${name} on sqlite`, () => body('sqlite'));
  describeWith('mysql', `${name} on mysql`, () => body('mysql'));
}

/**
 * Runs the same tests on SQLite and on MySQL or MariaDB: `body` gets a way to a migrated database that the whole
 * block shares and that is dropped after it. Call it inside hooks and tests only.
 */
export function describeEachDatabase(name: string, body: (database: () => Database) => void): void {
  describeEachKind(name, (kind) => {
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
