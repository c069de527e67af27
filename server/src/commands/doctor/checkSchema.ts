import { databaseErrorCode } from '../../database/faults';
import { migrationNames } from '../../database/migrations/migrations';
import { NewerSchema } from '../../database/migrations/newerSchema';
import type { Database } from '../../database/openDatabase';
import { type Finding, fault, note, ok } from './finding';

/** @returns what is to be said, and whether the tables are those that this version knows */
export async function checkSchema(
  database: Database,
): Promise<{ findings: readonly Finding[]; isUsable: boolean }> {
  const done = await migrationsDone(database);
  const unknown = done.filter((name) => !migrationNames.includes(name));
  if (unknown.length > 0) {
    const { message } = new NewerSchema(unknown);
    return { findings: [fault(`${message} Start that version.`)], isUsable: false };
  }
  const missing = migrationNames.filter((name) => !done.includes(name));
  if (missing.length === 0)
    return { findings: [...(await checkWrites(database)), ok(upToDate)], isUsable: true };
  const pending = note(`${missing.length} migration(s) must be run: npx fanfare migrate, or the next start.`);
  return { findings: [pending, ...(await checkDefinitions(database))], isUsable: false };
}

const upToDate = 'The schema is up to date.';

async function migrationsDone(database: Database): Promise<string[]> {
  try {
    const rows = await database.sql.rows<{ name: string }>('SELECT name FROM migration ORDER BY id');
    return rows.map(({ name }) => name);
  } catch (error) {
    // an empty database has no such table
    if (['ER_NO_SUCH_TABLE', 'SQLITE_ERROR'].includes(databaseErrorCode(error))) return [];
    throw error;
  }
}

/** Inserts, updates and deletes a row that nothing reads: checks rights, a read-only server, a full disk, the server's binlog format. */
async function checkWrites(database: Database): Promise<Finding[]> {
  const name = 'fanfare doctor';
  try {
    await database.write((sql) => sql.run('DELETE FROM rate_window WHERE bucket = ?', [name]));
    await database.sqlTransaction(async (sql) => {
      await sql.run('INSERT INTO rate_window (bucket, startedAt, taken) VALUES (?, 0, 0)', [name]);
      await sql.run('UPDATE rate_window SET taken = 1 WHERE bucket = ?', [name]);
      await sql.run('DELETE FROM rate_window WHERE bucket = ?', [name]);
    });
    return [];
  } catch (error) {
    return [fault(writeFault(databaseErrorCode(error)))];
  }
}

function writeFault(code: string): string {
  if (code === 'ER_BINLOG_STMT_MODE_AND_ROW_ENGINE') {
    return 'FANFARE_DATABASE_URL: the server logs statements, which does not work with READ COMMITTED: set binlog_format = ROW (or MIXED).';
  }
  return `FANFARE_DATABASE_URL: this user cannot insert, update and delete rows (${code || 'unknown'}): GRANT SELECT, INSERT, UPDATE, DELETE on the database.`;
}

/** What migrations do, on a table of our own. */
async function checkDefinitions(database: Database): Promise<Finding[]> {
  const table = 'doctor_trial';
  try {
    for (const statement of [
      `DROP TABLE IF EXISTS ${table}`,
      `CREATE TABLE ${table} (id BIGINT NOT NULL PRIMARY KEY)`,
      `ALTER TABLE ${table} ADD COLUMN at BIGINT NULL`,
      `CREATE INDEX ${table}_at ON ${table} (at)`,
      `DROP TABLE ${table}`,
    ]) {
      await database.write((sql) => sql.run(statement, []));
    }
    return [ok('This user may change the schema.')];
  } catch (error) {
    const code = databaseErrorCode(error) || 'unknown';
    return [
      fault(
        `FANFARE_DATABASE_URL: this user cannot change the schema (${code}): run npx fanfare migrate with a user that may CREATE, ALTER, INDEX and DROP.`,
      ),
    ];
  }
}
