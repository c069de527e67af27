import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DatabaseTarget } from '../../../src/database/openDatabase';

/** An empty database of a test's own, and the way to be rid of it. */
export interface FreshDatabase {
  readonly target: DatabaseTarget;
  /** As FANFARE_DATABASE_URL wants it. */
  readonly url: string;
  drop(): Promise<void>;
}

/** The MySQL or MariaDB server that tests use; its user may create databases. */
export const mysqlServer = process.env.FANFARE_TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';

export async function freshDatabase(kind: 'sqlite' | 'mysql'): Promise<FreshDatabase> {
  return kind === 'sqlite' ? freshSqlite() : freshMysql();
}

function freshSqlite(): FreshDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
  const file = join(folder, 'fanfare.db');
  return {
    target: { kind: 'sqlite', file },
    url: `sqlite:${file}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param server another server than the shared one, as `mysql://user@host:port` */
export async function freshMysql(server = mysqlServer): Promise<FreshDatabase> {
  const name = `fanfare_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = `${server}/${name}`;
  const drop = () => onServer(server, `DROP DATABASE IF EXISTS ${name}`);
  return { target: { kind: 'mysql', url }, url, drop };
}

async function onServer(server: string, statement: string): Promise<void> {
  const connection = await createConnection(server);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
