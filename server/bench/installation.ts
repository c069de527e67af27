import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphqlCaller, graphqlCaller } from '../src/commands/graphqlCaller';
import type { BenchPlace } from './benchPlace';
import { type FanfareProcess, launchFanfare } from './fanfareProcess';
import { freePort } from './freePort';
import { databaseName, folderStart, queuePrefixOf } from './leftovers';
import { type SeededSubscriptions, seedSubscriptions } from './seedSubscriptions';
import { amqpUrl, deleteQueues, mysqlServer, onMysql, serverProcesses } from './servers';
import { UndoStack } from './undoStack';

/** `embedded`: one process on SQLite. `separate`: API and worker as two, on MySQL or MariaDB and RabbitMQ. */
export type Engine = 'embedded' | 'separate';

/** A Fanfare of the benchmark's own: database, queue names and processes, all gone after `remove`. */
export interface Installation {
  readonly engine: Engine;
  readonly caller: GraphqlCaller;
  readonly url: string;
  readonly adminKey: string;
  readonly databaseUrl: string;
  /** Name and pid of everything that works for it: the processes of ours, and the servers where they can be seen. */
  readonly processes: ReadonlyArray<{ readonly name: string; readonly pid: number }>;
  /** The process that delivers. */
  readonly worker: FanfareProcess;
  seed(browsers: { from: number; count: number; userIds?: boolean }): Promise<SeededSubscriptions>;
  remove(): Promise<void>;
}

export interface InstallationOptions {
  readonly engine: Engine;
  /** Given to node before the worker's program, for example to profile it. */
  readonly workerNodeOptions?: readonly string[];
  /** The same for the API, where it is a process of its own. */
  readonly apiNodeOptions?: readonly string[];
  readonly env?: Record<string, string>;
}

export async function openInstallation(
  place: BenchPlace,
  options: InstallationOptions,
): Promise<Installation> {
  const undo = new UndoStack();
  await place.undo.add(() => undo.run());
  try {
    const open = options.engine === 'embedded' ? openEmbedded : openSeparate;
    return { ...(await open({ place, options, undo })), remove: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

interface Opening {
  readonly place: BenchPlace;
  readonly options: InstallationOptions;
  readonly undo: UndoStack;
}

interface Settings {
  readonly env: Record<string, string>;
  readonly url: string;
  readonly adminKey: string;
  readonly secret: string;
  readonly folder: string;
  readonly name: string;
}

async function settingsFor({ place, options, undo }: Opening): Promise<Settings> {
  const folder = mkdtempSync(join(tmpdir(), folderStart));
  await undo.add(async () => rmSync(folder, { recursive: true, force: true }));
  const name = databaseName(randomBytes(4).toString('hex'));
  const adminKey = `fs_${randomBytes(24).toString('base64url')}`;
  const secret = randomBytes(32).toString('hex');
  const port = await freePort();
  return {
    ...{ folder, name, adminKey, secret, url: `http://127.0.0.1:${port}` },
    env: {
      FANFARE_PORT: String(port),
      FANFARE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      FANFARE_DATA_DIR: folder,
      FANFARE_ADMIN_KEY: adminKey,
      FANFARE_SECRET: secret,
      FANFARE_PUSH_HOSTS: `localhost:${place.sink.port}`,
      FANFARE_PUSH_CA_FILE: place.certificate.certFile,
      FANFARE_LOG_LEVEL: 'warn',
      ...options.env,
    },
  };
}

async function openEmbedded(opening: Opening): Promise<Omit<Installation, 'remove'>> {
  const settings = await settingsFor(opening);
  const databaseUrl = `sqlite:${join(settings.folder, 'fanfare.db')}`;
  const worker = await launchFanfare(opening.undo, {
    role: 'all',
    env: { ...settings.env, FANFARE_DATABASE_URL: databaseUrl },
    nodeOptions: opening.options.workerNodeOptions,
    readyUrl: `${settings.url}/readyz`,
  });
  const processes = [{ name: 'fanfare', pid: worker.pid }];
  return installation(opening, settings, { databaseUrl, worker, processes });
}

async function openSeparate(opening: Opening): Promise<Omit<Installation, 'remove'>> {
  const { undo } = opening;
  const settings = await settingsFor(opening);
  const databaseUrl = `${mysqlServer}/${settings.name}`;
  const env = {
    ...settings.env,
    FANFARE_DATABASE_URL: databaseUrl,
    FANFARE_AMQP_URL: amqpUrl,
    FANFARE_QUEUE_PREFIX: queuePrefixOf(settings.name),
  };
  await onMysql(`CREATE DATABASE ${settings.name}`);
  await undo.add(() => onMysql(`DROP DATABASE ${settings.name}`));
  await undo.add(() => deleteQueues(env.FANFARE_QUEUE_PREFIX));
  const api = await launchFanfare(undo, {
    ...{ role: 'api', env, readyUrl: `${settings.url}/readyz` },
    nodeOptions: opening.options.apiNodeOptions,
  });
  const workerPort = await freePort();
  const worker = await launchFanfare(undo, {
    role: 'worker',
    env: { ...env, FANFARE_PORT: String(workerPort) },
    nodeOptions: opening.options.workerNodeOptions,
    readyUrl: `http://127.0.0.1:${workerPort}/readyz`,
  });
  const own = [
    { name: 'worker', pid: worker.pid },
    { name: 'api', pid: api.pid },
  ];
  return installation(opening, settings, { databaseUrl, worker, processes: [...own, ...serverProcesses()] });
}

function installation(
  { place, options }: Opening,
  settings: Settings,
  parts: Pick<Installation, 'databaseUrl' | 'worker' | 'processes'>,
): Omit<Installation, 'remove'> {
  const { url, adminKey, secret } = settings;
  const { databaseUrl } = parts;
  return {
    ...{ ...parts, engine: options.engine, url, adminKey },
    caller: graphqlCaller(`${url}/graphql`, adminKey),
    seed: (browsers) => seedSubscriptions({ ...browsers, databaseUrl, secret, origin: place.sink.origin }),
  };
}
