import { type Config, ConfigError } from '../config';
import { claimMysqlDatabase, type DatabaseClaim } from '../database/mysql/claimMysqlDatabase';
import { claimSqliteFile } from '../database/sqlite/claimSqliteFile';
import type { Log } from '../observe/log';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

/** As long as a process may take to shut down. */
const defaultTimeoutMs = 30_000;
const retryMs = 200;

const never = new Promise<void>(() => undefined);

/**
 * The embedded queue is for one process: a second one on the database would take back, at its start, what the first is
 * delivering. One that is still ending is waited for.
 * @throws ConfigError when another process keeps it
 */
export async function claimDatabase(
  config: Config,
  log: Log,
  timeoutMs = defaultTimeoutMs,
): Promise<DatabaseClaim> {
  if (config.amqpUrl !== undefined) return { lost: never, release: async () => undefined };
  const giveUpAt = performance.now() + timeoutMs;
  for (let waited = false; ; waited = true) {
    const claim = await tryToClaim(config, log);
    if (claim) return claim;
    if (performance.now() >= giveUpAt) throw new ConfigError([occupied(config)]);
    if (!waited) log.warn('waiting for another process that works on this database to end');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

async function tryToClaim({ database }: Config, log: Log): Promise<DatabaseClaim | undefined> {
  if (database.kind === 'mysql') return whenDatabaseAnswers(log, () => claimMysqlDatabase(database));
  const release = await claimSqliteFile(database.file);
  return release && { lost: never, release: async () => release() };
}

function occupied({ database }: Config): string {
  return database.kind === 'sqlite'
    ? 'FANFARE_DATA_DIR: another Fanfare process works on the SQLite database there, and SQLite serves one process only.'
    : 'FANFARE_AMQP_URL: another Fanfare process works on this database, and without RabbitMQ between them it serves one process only.';
}
