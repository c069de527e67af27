import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { FanfareProcess } from '../../support/process/fanfareProcess';
import { freePort } from '../../support/servers/freePort';

const program = join(__dirname, '../../../dist/main.js');
const adminKey = 'fs_console_tests_0000000000000000000000';

/** A seeded server as a user would run it, with a push service of the test's own. */
export interface ConsoleServer {
  /** Where it listens. */
  readonly serverUrl: string;
  readonly adminKey: string;
  readonly pushService: LocalPushService;
  /** Where its SQLite file is. */
  readonly dataDir: string;
  /** All it has printed so far. */
  output(): string;
  call<Data>(query: string, variables?: object, key?: string): Promise<Data>;
  close(): Promise<void>;
}

/** @param settings `NODE_ENV: 'production'` starts empty: there only real push services are allowed */
export async function startConsoleServer(settings: Record<string, string> = {}): Promise<ConsoleServer> {
  const isProduction = settings.NODE_ENV === 'production';
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-console-'));
  const pushService = await startLocalPushService();
  const env = {
    FANFARE_DATA_DIR: dataDir,
    FANFARE_ADMIN_KEY: adminKey,
    FANFARE_LOG_LEVEL: 'warn',
    ...(isProduction ? {} : { FANFARE_PUSH_HOSTS: `localhost:${pushService.port}` }),
    ...settings,
  };
  const fanfare = new FanfareProcess('all', await freePort(), env);
  const close = async () => {
    await fanfare.terminate();
    await pushService.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (!isProduction) seed(env);
    await fanfare.start();
  } catch (error) {
    await close();
    throw error;
  }
  const serverUrl = fanfare.url.replace('127.0.0.1', 'localhost');
  return {
    ...{ serverUrl, adminKey, pushService, dataDir, close },
    output: () => fanfare.output,
    call: (query, variables = {}, key = adminKey) => call(serverUrl, key, query, variables),
  };
}

function seed(env: Record<string, string>): void {
  const seeded = spawnSync(process.execPath, [program, 'seed'], { env: { PATH: process.env.PATH, ...env } });
  if (seeded.status !== 0) throw new Error(`the seed failed: ${seeded.stderr}`);
}

async function call<Data>(origin: string, key: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}
