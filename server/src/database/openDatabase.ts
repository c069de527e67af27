import 'reflect-metadata';
import { dirname } from 'node:path';
import type { Pool, PoolConnection } from 'mysql2';
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm';
import { DeadlineExceeded, withDeadline } from '../model/withDeadline';
import { createPrivateFile } from './createPrivateFile';
import { createPrivateFolder } from './createPrivateFolder';
import { DatabaseClock } from './databaseClock';
import { ApiKey } from './entities/apiKey';
import { Application } from './entities/application';
import { Attempt } from './entities/attempt';
import { AuditEntry } from './entities/auditEntry';
import { Delivery } from './entities/delivery';
import { Dispatch } from './entities/dispatch';
import { Notification } from './entities/notification';
import { PushSubscription } from './entities/pushSubscription';
import { Setting } from './entities/setting';
import { SubscriptionTag } from './entities/subscriptionTag';
import { VapidKey } from './entities/vapidKey';
import { isTransient, isUnavailable } from './faults';
import { migrations } from './migrations/migrations';
import { NewerSchema } from './migrations/newerSchema';
import { boundConnections, type ConnectionBounds } from './mysql/boundConnections';
import { mysqlExchange, pooledExchange, withConnection } from './mysql/mysqlExchange';
import { withMysqlLock } from './mysql/mysqlLock';
import { type MysqlOptions, type MysqlTarget, mysqlOptions } from './mysql/mysqlOptions';
import { nextTurn } from './nextTurn';
import { type Exchange, inSqlTransaction, type Sql, sqlOver, type TransactionSql } from './sql';
import { type SqliteConnection, sqliteExchange } from './sqlite/sqliteExchange';
import { StorageWatch } from './storageWatch';

/*
 * The truth. One small face over TypeORM for both engines:
 *   entities, sql        read what is committed
 *   write                one statement on its own
 *   sqlTransaction       several statements that hold together or not at all; run again after a deadlock
 *   transaction          the same with entities, which cost more: TypeORM builds each statement anew
 * SQLite has one writer: writes queue up here, so that no caller meets SQLITE_BUSY, and readers use a second
 * connection, which never sees half a transaction. MySQL uses a pool.
 */

export type DatabaseTarget = { readonly kind: 'sqlite'; readonly file: string } | MysqlTarget;

export interface Transaction {
  readonly entities: EntityManager;
  readonly sql: Sql;
}

export interface Database {
  readonly kind: 'sqlite' | 'mysql';
  readonly entities: EntityManager;
  readonly sql: Sql;
  readonly clock: DatabaseClock;
  /** Milliseconds since 1970 by the database's clock: what is stored, and what is compared with what is stored. */
  now(): number;
  /** Appended to a SELECT that claims rows, so that two processes never claim the same. */
  readonly skipLocked: string;
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** @param work may run more than once: it must touch nothing but the database */
  sqlTransaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>;
  /** @param work may run more than once: it must touch nothing but the database */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The latest write found no room on the database's disk. */
  isStorageFull(): boolean;
  /** Runs alone among all processes on this database, for example to migrate. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Brings the schema up to date; an interrupted migration continues.
   * @returns the names of the migrations that ran
   * @throws NewerSchema
   */
  migrate(): Promise<string[]>;
  close(): Promise<void>;
}

const entities = [
  Application,
  ApiKey,
  AuditEntry,
  VapidKey,
  PushSubscription,
  SubscriptionTag,
  Notification,
  Delivery,
  Attempt,
  Dispatch,
  Setting,
];
const shared = { entities, migrations, migrationsTableName: 'migration', synchronize: false, logging: false };
const mysqlWords = { begin: 'START TRANSACTION', lastId: 'LAST_INSERT_ID()' };
const sqliteWords = { begin: 'BEGIN', lastId: 'last_insert_rowid()' };
const transactionTries = 5;
const poolSize = 16;
const closeTimeoutMs = 5_000;
/**
 * Long enough for the largest page or count, and for what a busy worker asks for at once; short enough that a caller
 * hears UNAVAILABLE of a request that has done nothing, instead of one that is done after the answer.
 */
const connectionBounds: ConnectionBounds = {
  timeoutMs: 20_000,
  silenceSeconds: 30,
  lockWaitSeconds: 10,
  acquireMs: 10_000,
  waiters: 2_000,
};

/** @param bounds for MySQL: how long a server that says nothing is waited for, and by how many */
export async function openDatabase(
  target: DatabaseTarget,
  bounds: ConnectionBounds = connectionBounds,
): Promise<Database> {
  return target.kind === 'sqlite' ? openSqlite(target.file) : openMysql(target, bounds);
}

async function openMysql(target: MysqlTarget, bounds: ConnectionBounds): Promise<Database> {
  const options = mysqlOptions(target);
  const source = await mysqlSource(options);
  await boundSource(source, bounds);
  const withRunner = runnersOf(source);
  const { pool } = source.driver as unknown as { pool: Pool };
  const sql = sqlOver(pooledExchange(pool));
  const clock = new DatabaseClock(() => mysqlTime(sql));
  await clock.start();
  const storage = new StorageWatch();
  const retried = <T>(work: () => Promise<T>) => storage.watch(() => retryTransient(work));
  return {
    kind: 'mysql',
    clock,
    now: () => clock.now(),
    isStorageFull: () => storage.isFull,
    entities: source.manager,
    sql,
    skipLocked: 'FOR UPDATE SKIP LOCKED',
    write: (work) => retried(() => work(sql)),
    sqlTransaction: (work) =>
      retried(() => withConnection(pool, (exchange) => inSqlTransaction(exchange, mysqlWords, work))),
    transaction: (work) =>
      retried(() => withRunner(async (runner) => inTransaction(runner, await exchangeOf(runner), work))),
    exclusively: (work) =>
      withoutTimeouts(options, (source) =>
        runnersOf(source)(async (runner) =>
          withMysqlLock(sqlOver(await exchangeOf(runner)), 'exclusive', work),
        ),
      ),
    migrate: () => withoutTimeouts(options, runMigrations),
    close: () => {
      clock.stop();
      return withDeadline(source.destroy(), closeTimeoutMs, 'closing the database').catch(
        ignoreLostConnection,
      );
    },
  };
}

function mysqlSource({ user, ...options }: MysqlOptions): Promise<DataSource> {
  return new DataSource({
    ...shared,
    type: 'mysql',
    ...options,
    username: user,
    connectorPackage: 'mysql2',
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    poolSize,
    // values are bound all the same: see ADR 14
    multipleStatements: true,
    // ids and times stay far below 2^53
    supportBigNumbers: true,
    bigNumberStrings: false,
    extra: {
      connectTimeout: 5_000,
      enableKeepAlive: true,
      keepAliveInitialDelay: 10_000,
      // below the pool's size, or else idle connections are kept for ever
      maxIdle: poolSize - 1,
      idleTimeout: 15_000,
      gracefulEnd: true,
    },
  } as DataSourceOptions).initialize();
}

async function boundSource(source: DataSource, bounds: ConnectionBounds): Promise<void> {
  const { pool } = source.driver as unknown as { pool: Pool };
  boundConnections(pool, bounds);
  // the one connection that is older than the bounds makes room
  await runnersOf(source)(async (runner) => (await runner.connect()).destroy());
}

/** A migration of large tables, and the wait for another process's, take as long as they take. */
async function withoutTimeouts<T>(
  options: MysqlOptions,
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = await mysqlSource(options);
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

function runnersOf(source: DataSource) {
  return async <T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> => {
    const runner = source.createQueryRunner();
    try {
      return await work(runner);
    } finally {
      await runner.release();
    }
  };
}

async function openSqlite(file: string): Promise<Database> {
  // endpoints are in it: a folder that has to be made is for this user alone
  createPrivateFolder(dirname(file));
  createPrivateFile(file);
  const writer = await sqliteSource(file, ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = OFF']);
  const reader = await sqliteSource(file, ['query_only = ON']);
  const runner = writer.createQueryRunner();
  const exchange = sqliteExchange(connectionOf(writer));
  const sql = sqlOver(exchange);
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    // sockets get their turn between two writes: the driver works on this thread
    last = turn.catch(() => undefined).then(nextTurn);
    return turn;
  };
  const clock = new DatabaseClock(Date.now);
  await clock.start();
  const storage = new StorageWatch();
  const aloneRetried = <T>(work: () => Promise<T>) => alone(() => storage.watch(() => retryTransient(work)));
  return {
    kind: 'sqlite',
    clock,
    now: () => clock.now(),
    isStorageFull: () => storage.isFull,
    entities: reader.manager,
    sql: sqlOver(sqliteExchange(connectionOf(reader))),
    skipLocked: '',
    write: (work) => aloneRetried(() => work(sql)),
    sqlTransaction: (work) => aloneRetried(() => inSqlTransaction(exchange, sqliteWords, work)),
    transaction: (work) => aloneRetried(() => inTransaction(runner, exchange, work)),
    exclusively: (work) => work(),
    migrate: () => alone(() => runMigrations(writer)),
    close: () =>
      alone(async () => {
        clock.stop();
        await reader.destroy();
        await writer.destroy();
      }),
  };
}

async function sqliteSource(file: string, pragmas: string[]): Promise<DataSource> {
  // loaded only where SQLite is used: MySQL needs no native code
  const { LibsqlDriver } = await import('./sqlite/libsqlDriver.js');
  return new DataSource({
    ...shared,
    type: 'better-sqlite3',
    // speaks better-sqlite3's interface and ships its binary inside the package
    driver: LibsqlDriver,
    database: file,
    prepareDatabase: (connection: { pragma(statement: string): unknown }) => {
      for (const pragma of ['busy_timeout = 5000', ...pragmas]) connection.pragma(pragma);
    },
  } as DataSourceOptions).initialize();
}

function connectionOf(source: DataSource): SqliteConnection {
  return (source.driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
}

/** Plain SQL on the connection that TypeORM works with. */
async function exchangeOf(runner: QueryRunner): Promise<Exchange> {
  return mysqlExchange((await runner.connect()) as PoolConnection);
}

async function mysqlTime(sql: Sql): Promise<number> {
  // both are of the moment at which the statement began; UNIX_TIMESTAMP(NOW(3)) would err in the hour of a time change
  const [row] = await sql.rows<{ seconds: number; micros: number }>(
    'SELECT UNIX_TIMESTAMP() AS seconds, MICROSECOND(NOW(6)) AS micros',
  );
  return Number(row?.seconds) * 1_000 + Number(row?.micros) / 1_000;
}

/** A connection that died, that never came about, or whose server is silent need not be closed. */
function ignoreLostConnection(error: unknown): void {
  if (!isUnavailable(error) && !(error instanceof DeadlineExceeded)) throw error;
}

async function inTransaction<T>(
  runner: QueryRunner,
  exchange: Exchange,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work({ entities: runner.manager, sql: sqlOver(exchange) });
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // on a broken connection the server has rolled back already; the first error is the one that matters
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= transactionTries || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    }
  }
}

async function runMigrations(source: DataSource): Promise<string[]> {
  await refuseNewerSchema(source);
  const done = await source.runMigrations({ transaction: source.options.type === 'mysql' ? 'none' : 'all' });
  return done.map((migration) => migration.name);
}

/** To be asked before the first statement: a program that does not know the schema must not write. */
async function refuseNewerSchema(source: DataSource): Promise<void> {
  const table = shared.migrationsTableName;
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable(table))) return;
    const rows: { name: string }[] = await runner.query(`SELECT name FROM ${table} ORDER BY id`);
    const known = new Set(source.migrations.map(({ name }) => name));
    const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new NewerSchema(unknown);
  } finally {
    await runner.release();
  }
}
