import { copyFileSync, rmSync } from 'node:fs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type DatabaseTarget, openDatabase } from '../../../src/database/openDatabase';

/** A copy of a whole database, as an operator has one. */
export interface Backup {
  /** Puts it in the place of the database, which nothing has open; as often as wanted. */
  playBack(): Promise<void>;
  discard(): Promise<void>;
}

/** Takes a backup beside whatever runs. */
export function takeBackup(target: DatabaseTarget): Promise<Backup> {
  return target.kind === 'sqlite' ? backUpSqlite(target.file) : backUpMysql(target.url);
}

async function backUpSqlite(file: string): Promise<Backup> {
  const copy = `${file}.backup`;
  const database = await openDatabase({ kind: 'sqlite', file });
  try {
    await database.write((sql) => sql.run('VACUUM INTO ?', [copy]));
  } finally {
    await database.close();
  }
  return {
    playBack: async () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      copyFileSync(copy, file);
    },
    discard: async () => rmSync(copy, { force: true }),
  };
}

async function backUpMysql(url: string): Promise<Backup> {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  const copy = `${name}_backup`;
  server.pathname = '';
  const run = (statements: (tables: string[]) => string[]) => onServer(server.href, name, copy, statements);
  await run((tables) => [
    `CREATE DATABASE ${copy}`,
    ...tables.flatMap((table) => [
      `CREATE TABLE ${copy}.${table} LIKE ${name}.${table}`,
      `INSERT INTO ${copy}.${table} SELECT * FROM ${name}.${table}`,
    ]),
  ]);
  return {
    playBack: () =>
      run((tables) =>
        tables.flatMap((table) => [
          `DROP TABLE ${name}.${table}`,
          `CREATE TABLE ${name}.${table} LIKE ${copy}.${table}`,
          `INSERT INTO ${name}.${table} SELECT * FROM ${copy}.${table}`,
        ]),
      ),
    discard: () => run(() => [`DROP DATABASE IF EXISTS ${copy}`]),
  };
}

async function onServer(
  server: string,
  name: string,
  copy: string,
  statements: (tables: string[]) => string[],
): Promise<void> {
  const connection = await createConnection(server);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT DISTINCT table_name AS name FROM information_schema.tables WHERE table_schema IN (?, ?)`,
      [name, copy],
    );
    for (const statement of statements(rows.map((row) => String(row.name))))
      await connection.query(statement);
  } finally {
    await connection.end();
  }
}
