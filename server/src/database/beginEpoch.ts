import { randomInt } from 'node:crypto';
import type { Database } from './openDatabase';

/**
 * The tables whose row numbers leave the database: in public ids, receipt tokens, the default `tag` of notifications,
 * cursors, and messages of the queue.
 */
export const numberedTables = [
  'api_key',
  'application',
  'audit_entry',
  'dispatch',
  'notification',
  'push_subscription',
  'vapid_key',
] as const;

/** No table grows by so many rows in a millisecond, so what has been numbered by now lies below `now * rowsPerMs`. */
const rowsPerMs = 1_024;
/** What is left of a clock that is behind the numbers: more than any backup misses, and not the same twice. */
const jump = { least: 2 ** 32, span: 2 ** 40 };

/**
 * Numbers all further rows above any number that was ever given to a row, also to one that a restore has lost.
 * @returns the first of the new numbers, the same for every table
 */
export async function beginEpoch(database: Database, now = database.now()): Promise<number> {
  const last = database.kind === 'mysql' ? await lastOfMysql(database) : await lastOfSqlite(database);
  const first = firstAfter(last, now);
  if (database.kind === 'mysql') await continueMysqlAt(database, first);
  else await continueSqliteAt(database, first);
  return first;
}

/** @param last the highest number that the database still knows of */
export function firstAfter(last: number, nowMs: number): number {
  const byClock = Math.ceil(nowMs) * rowsPerMs;
  return byClock > last ? byClock : last + jump.least + randomInt(jump.span);
}

async function lastOfMysql(database: Database): Promise<number> {
  const numbers = [0];
  for (const table of numberedTables) {
    // information_schema may be a day old
    const [row] = await database.sql.rows<Record<string, string>>(`SHOW CREATE TABLE ${table}`);
    const next = / AUTO_INCREMENT=(\d+)/.exec(row?.['Create Table'] ?? '')?.[1];
    if (next !== undefined) numbers.push(Number(next) - 1);
  }
  return Math.max(...numbers);
}

async function continueMysqlAt(database: Database, first: number): Promise<void> {
  for (const table of numberedTables) {
    await database.write((sql) => sql.run(`ALTER TABLE ${table} AUTO_INCREMENT = ${first}`));
  }
}

async function lastOfSqlite(database: Database): Promise<number> {
  const [row] = await database.sql.rows<{ last: number | null }>(
    'SELECT MAX(seq) AS last FROM sqlite_sequence',
  );
  return Number(row?.last ?? 0);
}

async function continueSqliteAt(database: Database, first: number): Promise<void> {
  await database.sqlTransaction(async (sql) => {
    for (const table of numberedTables) {
      await sql.run('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
      // in the statement itself: the column has no type, and a bound number could become a float
      await sql.run(`INSERT INTO sqlite_sequence (name, seq) VALUES (?, ${first - 1})`, [table]);
    }
  });
}
