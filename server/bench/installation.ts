import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { nameTopology } from '../src/queue/amqp/topology';
import { type FanfareProcess, launchFanfare } from './fanfareProcess';
import { freePort } from './freePort';
import { type GraphqlCaller, graphqlCaller } from './graphqlCaller';
import { listeningProcess } from './processUsage';
import { type SeededSubscriptions, seedSubscriptions } from './seedSubscriptions';
import type { Sink } from './sinkProcess';

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
  readonly sink: Sink;
  readonly caFile: string;
  /** Given to node before the worker's program, for example to profile it. */
  readonly workerNodeOptions?: readonly string[];
  readonly env?: Record<string, string>;
}

const mysqlServer = process.env.FANFARE_BENCH_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const amqpUrl = process.env.FANFARE_BENCH_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const undo: Undo = [];
  const remove = async () => {
    for (const each of undo.splice(0).reverse()) await each();
  };
  try {
    const open = options.engine === 'embedded' ? openEmbedded : openSeparate;
    return { ...(await open(options, undo)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What takes back what was done, last first. */
type Undo = (() => Promise<void>)[];

interface Settings {
  readonly env: Record<string, string>;
  readonly url: string;
  readonly adminKey: string;
  readonly secret: string;
  readonly folder: string;
  readonly name: string;
}

async function settingsFor(options: InstallationOptions, undo: Undo): Promise<Settings> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-'));
  undo.push(async () => rmSync(folder, { recursive: true, force: true }));
  const name = `fanfare_bench_${randomBytes(4).toString('hex')}`;
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
      FANFARE_PUSH_HOSTS: `localhost:${options.sink.port}`,
      FANFARE_PUSH_CA_FILE: options.caFile,
      FANFARE_LOG_LEVEL: 'warn',
      ...options.env,
    },
  };
}

async function openEmbedded(options: InstallationOptions, undo: Undo): Promise<Omit<Installation, 'remove'>> {
  const settings = await settingsFor(options, undo);
  const databaseUrl = `sqlite:${join(settings.folder, 'fanfare.db')}`;
  const worker = await launchFanfare({
    role: 'all',
    env: { ...settings.env, FANFARE_DATABASE_URL: databaseUrl },
    nodeOptions: options.workerNodeOptions,
    readyUrl: `${settings.url}/readyz`,
  });
  undo.push(worker.stop);
  return installation(options, settings, {
    databaseUrl,
    worker,
    processes: [{ name: 'fanfare', pid: worker.pid }],
  });
}

async function openSeparate(options: InstallationOptions, undo: Undo): Promise<Omit<Installation, 'remove'>> {
  const settings = await settingsFor(options, undo);
  const databaseUrl = `${mysqlServer}/${settings.name}`;
  const env = {
    ...settings.env,
    FANFARE_DATABASE_URL: databaseUrl,
    FANFARE_AMQP_URL: amqpUrl,
    FANFARE_QUEUE_PREFIX: settings.name.replaceAll('_', '-'),
  };
  await onMysql(`CREATE DATABASE ${settings.name}`);
  undo.push(() => onMysql(`DROP DATABASE ${settings.name}`));
  undo.push(() => deleteQueues(env.FANFARE_QUEUE_PREFIX));
  const api = await launchFanfare({ role: 'api', env, readyUrl: `${settings.url}/readyz` });
  undo.push(api.stop);
  const workerPort = await freePort();
  const worker = await launchFanfare({
    role: 'worker',
    env: { ...env, FANFARE_PORT: String(workerPort) },
    nodeOptions: options.workerNodeOptions,
    readyUrl: `http://127.0.0.1:${workerPort}/readyz`,
  });
  undo.push(worker.stop);
  const processes = [{ name: 'worker', pid: worker.pid }, { name: 'api', pid: api.pid }, ...servers()];
  return installation(options, settings, { databaseUrl, worker, processes });
}

function installation(
  options: InstallationOptions,
  settings: Settings,
  parts: Pick<Installation, 'databaseUrl' | 'worker' | 'processes'>,
): Omit<Installation, 'remove'> {
  const { url, adminKey, secret } = settings;
  const { databaseUrl } = parts;
  return {
    ...{ ...parts, engine: options.engine, url, adminKey },
    caller: graphqlCaller(`${url}/graphql`, adminKey),
    seed: (browsers) => seedSubscriptions({ ...browsers, databaseUrl, secret, origin: options.sink.origin }),
  };
}

/** Database and broker, when they run on this machine and may be looked at. */
function servers(): { name: string; pid: number }[] {
  const named = [
    { name: 'database', pid: listeningProcess(Number(new URL(mysqlServer).port || 3306)) },
    { name: 'broker', pid: listeningProcess(Number(new URL(amqpUrl).port || 5672)) },
  ];
  return named.flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
}

async function onMysql(statement: string): Promise<void> {
  const connection = await createConnection(mysqlServer);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

async function deleteQueues(prefix: string): Promise<void> {
  const topology = nameTopology(prefix);
  const model = await connect(amqpUrl);
  const channel = await model.createChannel();
  for (const queue of [...Object.values(topology.queues), topology.deadQueue])
    await channel.deleteQueue(queue);
  for (const exchange of [topology.exchange, topology.deadExchange]) await channel.deleteExchange(exchange);
  await model.close();
}
