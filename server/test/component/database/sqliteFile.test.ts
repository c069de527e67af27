import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/database/openDatabase';
import { claimSqliteFile } from '../../../src/database/sqlite/claimSqliteFile';
import { silentLog } from '../../../src/observe/log';
import { type Fanfare, startFanfare } from '../../../src/processes/startFanfare';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a database belongs to one process at a time', async () => {
  const file = join(folder, 'deeper', 'fanfare.db');
  const release = await claimSqliteFile(file);
  expect(release).toBeDefined();
  expect(await claimSqliteFile(file)).toBeUndefined();
  release?.();
  const again = await claimSqliteFile(file);
  expect(again).toBeDefined();
  again?.();
});

test('nobody else on the machine may read what is in it', async () => {
  const database = await openDatabase({ kind: 'sqlite', file: join(folder, 'fanfare.db') });
  await database.migrate();
  const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
  await database.close();
  expect(modes).toEqual([
    ['fanfare.db', 0o600],
    ['fanfare.db-shm', 0o600],
    ['fanfare.db-wal', 0o600],
  ]);
});

test('a second process on the database is refused before it touches any work, and may follow the first', async () => {
  const start = () =>
    startFanfare({
      config: readConfig({ FANFARE_ENCRYPTION_THREADS: '0', FANFARE_PORT: '0', FANFARE_DATA_DIR: folder }),
      role: 'all',
      log: silentLog,
      claimTimeoutMs: 0,
    });
  const first = await start();
  const beside = await start().catch((error: unknown) => error);
  if (beside instanceof Object && 'stop' in beside) await (beside as Fanfare).stop();
  expect(beside).toBeInstanceOf(ConfigError);
  await first.stop();
  const second = await start();
  await second.stop();
});

/** What an operator does beside the server: another process writes to the file for this long. Resolves once it has begun. */
async function writeBeside(file: string, ms: number): Promise<{ ended: Promise<unknown> }> {
  const program = `
    const database = new (require(${JSON.stringify(require.resolve('libsql'))}))(${JSON.stringify(file)});
    database.exec('BEGIN IMMEDIATE');
    process.stdout.write('begun');
    setTimeout(() => database.exec('COMMIT'), ${ms});`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { ended };
}

test('who writes while another process does waits for it, and hears nothing of a busy file', async () => {
  const file = join(folder, 'fanfare.db');
  const database = await openDatabase({ kind: 'sqlite', file });
  await database.migrate();
  const { ended } = await writeBeside(file, 1_500);
  const statement = `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt)
    VALUES (1, 'bulk', 'fcm', 1, 1, 0)`;
  const written = await database.sqlTransaction((sql) => sql.run(statement)).catch((error: unknown) => error);
  expect(await ended).toEqual([0, null]);
  await database.close();
  expect(written).toMatchObject({ affected: 1 });
});
