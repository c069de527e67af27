import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { type SeedOptions, seedSubscriptions, targetOf } from '../bench/seedSubscriptions';
import type { UndoStack } from '../bench/undoStack';
import { type Database, openDatabase } from '../src/database/openDatabase';
import { nameTopology } from '../src/queue/amqp/topology';
import { callGraphql } from '../test/support/api/graphqlCall';
import { freshMysql } from '../test/support/engines/freshDatabase';
import { freePort } from '../test/support/servers/freePort';
import { until } from '../test/support/until';
import type { ServiceName } from './behaviour';
import { ChaosProcess } from './chaosProcess';
import type { Ground } from './ground';

/** `embedded`: one process on SQLite. `separate`: an API and workers on MariaDB and RabbitMQ. */
export type Engine = 'embedded' | 'separate';

const leaseSeconds = 10;

/** What a process of an installation is started with beside the settings of all. */
type EnvOf = (role: string, number: number) => NodeJS.ProcessEnv;

function rolesOf(engine: Engine, apis: number, workers: number): ReadonlyArray<'all' | 'api' | 'worker'> {
  if (engine === 'embedded') return ['all'];
  return [...new Array<'api'>(apis).fill('api'), ...new Array<'worker'>(workers).fill('worker')];
}

/** A Fanfare of one fault's own. */
export class Installation {
  private constructor(
    readonly processes: readonly ChaosProcess[],
    /** A connection of our own, which no fault of the network meets. */
    readonly database: Database,
    private readonly settings: Settings,
  ) {}

  /**
   * @param options.throughProxies whether the ways to database and broker are ones that can be cut
   * @param options.apis how many, where they are processes of their own: 1
   * @param options.workers how many, where they are processes of their own: 2
   * @param options.env settings that differ from the usual ones; an empty one counts as unset
   * @param options.envOf more for one process, by its role and its number in that role, from 1
   */
  static async open(
    ground: Ground,
    undo: UndoStack,
    options: {
      readonly engine: Engine;
      readonly throughProxies: boolean;
      readonly apis?: number;
      readonly workers?: number;
      readonly env?: NodeJS.ProcessEnv;
      readonly envOf?: EnvOf;
    },
  ): Promise<Installation> {
    const settings = await settingsFor(ground, undo, options);
    Object.assign(settings.env, options.env);
    const apiPort = await freePort();
    const processes: ChaosProcess[] = [];
    for (const role of rolesOf(options.engine, options.apis ?? 1, options.workers ?? 2)) {
      const port = processes.length > 0 ? await freePort() : apiPort;
      const number = 1 + processes.filter((each) => each.role === role).length;
      const own = options.envOf?.(role, number);
      const env = { ...settings.env, FANFARE_PUBLIC_URL: `http://127.0.0.1:${apiPort}`, ...own };
      processes.push(
        new ChaosProcess(role, port, env, join(settings.folder, `${processes.length}-${role}.log`)),
      );
    }
    await undo.add(() => Promise.all(processes.map((process) => process.kill())));
    await Promise.all(processes.map((process) => process.start()));
    const database = await openDatabase(targetOf(settings.databaseUrl));
    await undo.add(() => database.close());
    return new Installation(processes, database, settings);
  }

  get api(): ChaosProcess {
    const [first] = this.processes;
    if (!first) throw new Error('There is no process.');
    return first;
  }

  get workers(): ChaosProcess[] {
    return this.processes.filter(({ role }) => role !== 'api');
  }

  get adminKey(): string {
    return this.settings.env.FANFARE_ADMIN_KEY ?? '';
  }

  graphql<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    return callGraphql<Data>(this.api.url, this.adminKey, query, variables);
  }

  /** Browsers `from` and on, at a push service; number n is the only device of `user-n`. */
  async seed(service: ServiceName, from: number, count: number): Promise<void> {
    await this.seedWith({ origin: this.settings.origins[service], from, count, userIds: true });
  }

  /** Browsers at other push services than the two of the run. */
  async seedWith(options: Omit<SeedOptions, 'databaseUrl' | 'secret'>): Promise<void> {
    const { databaseUrl, env } = this.settings;
    await seedSubscriptions({ databaseUrl, secret: env.FANFARE_SECRET ?? '', ...options });
  }

  /** How many messages wait at the broker: for workers, and given up. */
  async waitingMessages(): Promise<{ waiting: number; dead: number }> {
    const { brokerUrl, env } = this.settings;
    if (brokerUrl === undefined) return { waiting: 0, dead: 0 };
    const { queues, deadQueue } = nameTopology(env.FANFARE_QUEUE_PREFIX);
    const connection = await connect(brokerUrl);
    try {
      const channel = await connection.createChannel();
      const sizes = [];
      for (const queue of [...Object.values(queues), deadQueue])
        sizes.push((await channel.checkQueue(queue)).messageCount);
      const dead = sizes.pop() ?? 0;
      return { waiting: sizes.reduce((sum, size) => sum + size, 0), dead };
    } finally {
      await connection.close();
    }
  }

  /** SIGTERM to all. @throws when one does not end with status 0, or a message comes back to the queue */
  async stop(): Promise<void> {
    const statuses = await Promise.all(this.processes.map((process) => process.terminate()));
    if (statuses.some((status) => status !== 0)) throw new Error(`exit statuses ${statuses.join(', ')}`);
    await until(async () => (await this.waitingMessages()).waiting === 0, 'queues without a message', 10_000);
  }

  get logs(): string {
    return this.processes.map((process) => process.output).join('\n');
  }
}

interface Settings {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Past the proxies. */
  readonly databaseUrl: string;
  readonly brokerUrl: string | undefined;
  readonly origins: Readonly<Record<ServiceName, string>>;
}

async function settingsFor(
  ground: Ground,
  undo: UndoStack,
  options: { engine: Engine; throughProxies: boolean },
): Promise<Settings> {
  const { ports } = ground.services;
  const folder = mkdtempSync(join(ground.folder, 'installation-'));
  const hosts = [`localhost:${ports.hurt}`, `localhost:${ports.healthy}`];
  const env = {
    FANFARE_DATA_DIR: folder,
    FANFARE_ADMIN_KEY: `fs_${randomBytes(24).toString('base64url')}`,
    FANFARE_SECRET: randomBytes(32).toString('hex'),
    FANFARE_PUSH_HOSTS: hosts.join(','),
    FANFARE_PUSH_CA_FILE: ground.certificateFile,
    FANFARE_LOG_LEVEL: 'info',
    FANFARE_LEASE_SECONDS: String(leaseSeconds),
    FANFARE_REQUESTS_PER_MINUTE: '1000000',
    FANFARE_REQUESTS_PER_MINUTE_PER_ADDRESS: '1000000',
    FANFARE_SUBSCRIBES_PER_MINUTE_PER_ADDRESS: '1000000',
  };
  const origins = { hurt: `https://${hosts[0]}`, healthy: `https://${hosts[1]}` };
  if (options.engine === 'embedded') {
    const databaseUrl = `sqlite:${join(folder, 'fanfare.db')}`;
    return {
      env: { ...env, FANFARE_DATABASE_URL: databaseUrl },
      folder,
      databaseUrl,
      brokerUrl: undefined,
      origins,
    };
  }
  const { mariadb, rabbit, toMariadb, toRabbit } = await ground.servers();
  const fresh = await freshMysql(mariadb.url('').replace(/\/$/, ''));
  await undo.add(() => fresh.drop());
  const ports_ = options.throughProxies ? [toMariadb.port, toRabbit.port] : [mariadb.port, rabbit.port];
  return {
    ...{ folder, databaseUrl: fresh.url, brokerUrl: rabbit.url, origins },
    env: {
      ...env,
      FANFARE_DATABASE_URL: fresh.url.replace(`:${mariadb.port}/`, `:${ports_[0]}/`),
      FANFARE_AMQP_URL: rabbit.url.replace(/:\d+$/, `:${ports_[1]}`),
      FANFARE_QUEUE_PREFIX: `chaos-${randomBytes(4).toString('hex')}`,
    },
  };
}
