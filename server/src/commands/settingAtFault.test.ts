import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../config';
import { createPrivateFolder } from '../database/createPrivateFolder';
import { NewerSchema } from '../database/migrations/newerSchema';
import { openDatabase } from '../database/openDatabase';
import { settingAtFault } from './settingAtFault';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
};

const listen = ({ host, port }: Pick<Config, 'host' | 'port'>) =>
  new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });

test('an address that cannot be had is blamed on the port or the host', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0 });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const taken = readConfig({ FANFARE_PORT: String(port) });
  expect(settingAtFault(await failureOf(() => listen(taken)), taken)).toBe(
    `FANFARE_PORT: another program listens at 127.0.0.1:${port}; choose another port, or end that program.`,
  );
  server.close();
  // an address for documentation, which no machine has
  const elsewhere = { ...readConfig({ FANFARE_PORT: '0' }), host: '192.0.2.1' };
  expect(settingAtFault(await failureOf(() => listen(elsewhere)), elsewhere)).toMatch(
    /^FANFARE_HOST: 192.0.2.1 is no/,
  );
  const privileged = Object.assign(new Error(), { code: 'EACCES', syscall: 'listen' });
  expect(settingAtFault(privileged, readConfig({ FANFARE_PORT: '80' }))).toMatch(
    /^FANFARE_PORT: .* port 80;/,
  );
});

test('a folder that cannot be made is blamed on the data directory', async () => {
  writeFileSync(join(folder, 'file'), '');
  const dataDir = join(folder, 'file', 'data');
  const config = readConfig({ FANFARE_DATA_DIR: dataDir });
  expect(settingAtFault(await failureOf(() => createPrivateFolder(dataDir)), config)).toMatch(
    /^FANFARE_DATA_DIR: .*file\/data: a part of the path is a file\.$/,
  );
});

test('where no folder can be made it fails, and at once', async () => {
  const config = readConfig({ FANFARE_DATA_DIR: '/proc/x' });
  expect(settingAtFault(await failureOf(() => createPrivateFolder('/proc/x/y')), config)).toBe(
    'FANFARE_DATA_DIR: /proc/x: it cannot be made there.',
  );
});

test('a database that cannot be opened is blamed on its address', async () => {
  const file = join(folder, 'no-database');
  writeFileSync(file, 'This is a text, and a long one, and no database at all. '.repeat(40));
  chmodSync(file, 0o600);
  const config = readConfig({ FANFARE_DATABASE_URL: `sqlite:${file}` });
  expect(settingAtFault(await failureOf(() => openDatabase(config.database)), config)).toBe(
    `FANFARE_DATABASE_URL: ${file}: the file is not an SQLite database.`,
  );
  const fromServer = Object.assign(new Error(), { driverError: { code: 'ER_ACCESS_DENIED_ERROR' } });
  expect(settingAtFault(fromServer, config)).toMatch(/^FANFARE_DATABASE_URL: the server refuses this user/);
});

test.each(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNREFUSED'])(
  'a database server that cannot be reached is blamed on its address: %s',
  (code) => {
    const fault = Object.assign(new Error(), { code, syscall: 'connect', hostname: 'database' });
    expect(settingAtFault(fault, readConfig({}))).toMatch(/^FANFARE_DATABASE_URL: .*its host/);
  },
);

test('a schema of a newer version is named, with the ways out', () => {
  expect(settingAtFault(new NewerSchema(['Later1999999999999']), readConfig({}))).toMatch(
    /^FANFARE_DATABASE_URL: .*Later1999999999999.* Start that version, or restore the backup/,
  );
});

test('a full disk is named', () => {
  const fault = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  expect(settingAtFault(fault, readConfig({ FANFARE_DATA_DIR: '/data' }))).toBe(
    'FANFARE_DATA_DIR: /data/fanfare.db: the disk is full.',
  );
  expect(settingAtFault(fault, readConfig({ FANFARE_DATABASE_URL: 'sqlite:/other/a.db' }))).toBe(
    'FANFARE_DATABASE_URL: /other/a.db: the disk is full.',
  );
});

test('of anything else no setting is to blame', () => {
  expect(settingAtFault(new Error('a bug'), readConfig({}))).toBeUndefined();
  expect(settingAtFault('text', readConfig({}))).toBeUndefined();
});
