import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import type { DatabaseTarget } from '../../../src/database/openDatabase';
import { nameTopology } from '../../../src/queue/amqp/topology';
import { encodeDispatchMessage } from '../../../src/queue/dispatchMessage';
import type { DispatchMessage } from '../../../src/queue/dispatchQueue';
import { callGraphql } from '../api/graphqlCall';
import { FanfareProcess } from '../process/fanfareProcess';
import { runCommand } from '../process/runCommand';
import { freePort } from '../servers/freePort';
import { createVhost, type Vhost } from '../servers/rabbitBroker';
import { until } from '../until';
import { type FreshDatabase, freshDatabase, freshMysql, mysqlServer } from './freshDatabase';

/** `embedded`: one process on SQLite. `distributed`: API and two workers over MySQL or MariaDB and RabbitMQ. */
export type Engine = 'embedded' | 'distributed';

export interface InstallationOptions {
  readonly engine: Engine;
  /** `host:port` of the push services. */
  readonly pushHosts: readonly string[];
  /** A database server of the test's own instead of the shared one: `mysql://user@host:port`. */
  readonly mysqlServer?: string;
  /** A broker of the test's own instead of a virtual host at the shared one. */
  readonly amqpUrl?: string;
  /** Settings that differ from the usual ones. */
  readonly env?: NodeJS.ProcessEnv;
}

const queuePrefix = 'e2e';
const roles: Record<Engine, string[]> = { embedded: ['all'], distributed: ['api', 'worker', 'worker'] };

interface Ground {
  readonly folder: string;
  readonly database: FreshDatabase;
  readonly vhost: Vhost | undefined;
  readonly amqpUrl: string | undefined;
}

/** A whole Fanfare as a user would run it, with database and broker of its own, that a test may kill piece by piece. */
export class Installation {
  /** A secret key with every scope. */
  readonly adminKey: string;

  private constructor(
    readonly engine: Engine,
    readonly processes: readonly FanfareProcess[],
    private readonly ground: Ground,
    private settings: NodeJS.ProcessEnv & { readonly FANFARE_ADMIN_KEY: string },
  ) {
    this.adminKey = settings.FANFARE_ADMIN_KEY;
  }

  static async start(options: InstallationOptions): Promise<Installation> {
    const ground = await layGround(options);
    const apiPort = await freePort();
    const settings = settingsOf(options, ground, apiPort);
    const processes: FanfareProcess[] = [];
    for (const role of roles[options.engine]) {
      processes.push(new FanfareProcess(role, role === 'worker' ? await freePort() : apiPort, settings));
    }
    const installation = new Installation(options.engine, processes, ground, settings);
    try {
      await installation.startAll();
      return installation;
    } catch (error) {
      await installation.remove();
      throw error;
    }
  }

  /** The environment of a further process of this installation. */
  settingsOf(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return { ...this.settings, ...more };
  }

  /** Settings for the next start of every process, and for commands. */
  change(settings: NodeJS.ProcessEnv): void {
    this.settings = { ...this.settings, ...settings };
    for (const process of this.processes) process.change(settings);
  }

  /** Runs another command of the program to its end, as an operator would. */
  async command(...args: string[]): Promise<{ status: number | null; output: string }> {
    return runCommand(args, { PATH: process.env.PATH, ...this.settings });
  }

  /** Puts messages into the queue, as if they had been published; not for the embedded one. */
  async publish(messages: readonly DispatchMessage[]): Promise<void> {
    if (this.ground.amqpUrl === undefined) throw new Error('The queue is inside the process.');
    const connection = await connect(this.ground.amqpUrl);
    try {
      const channel = await connection.createConfirmChannel();
      const { queues } = nameTopology(queuePrefix);
      for (const message of messages)
        channel.sendToQueue(queues.transactional, encodeDispatchMessage(message));
      await channel.waitForConfirms();
    } finally {
      await connection.close();
    }
  }

  /** The process that serves the API. */
  get api(): FanfareProcess {
    return this.only('all', 'api')[0] as FanfareProcess;
  }

  /** The processes that deliver; in the embedded engine that is the same one. */
  get workers(): FanfareProcess[] {
    return this.only('all', 'worker');
  }

  get database(): DatabaseTarget {
    return this.ground.database.target;
  }

  /** The key for web pages, as the start shows it. */
  get publishableKey(): string {
    const shown = /Publishable key\s+(fp_\S+)/.exec(this.api.output)?.[1];
    if (!shown) throw new Error('The start showed no publishable key.');
    return shown;
  }

  graphql<Data>(query: string, variables?: Record<string, unknown>, key = this.adminKey): Promise<Data> {
    return callGraphql<Data>(this.api.url, key, query, variables);
  }

  /** Starts every process that does not run; resolves when all are ready. */
  async startAll(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.start()));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
  }

  /** SIGTERM to all at once. @returns their exit statuses */
  terminateAll(): Promise<(number | null)[]> {
    return Promise.all(this.processes.map((process) => process.terminate()));
  }

  /** Messages that wait at the broker, given up ones included; 0 with the embedded queue. */
  async waitingMessages(): Promise<number> {
    if (this.ground.amqpUrl === undefined) return 0;
    const { queues, deadQueue } = nameTopology(queuePrefix);
    const connection = await connect(this.ground.amqpUrl);
    try {
      const channel = await connection.createChannel();
      const states = [];
      for (const queue of [...Object.values(queues), deadQueue]) states.push(await channel.checkQueue(queue));
      return states.reduce((sum, { messageCount }) => sum + messageCount, 0);
    } finally {
      await connection.close();
    }
  }

  /** The output of all processes, for a test that fails. */
  get logs(): string {
    return this.processes.map((each) => `--- ${each.role} ${each.url}\n${each.output}`).join('\n');
  }

  /**
   * Ends everything in order and removes what was made for it.
   * @throws when a process did not end with status 0, or had a message in hand that came back to the queue
   */
  async stop(): Promise<void> {
    try {
      const statuses = await this.terminateAll();
      if (statuses.some((status) => status !== 0)) process.stderr.write(`${this.logs}\n`);
      expect(statuses).toEqual(statuses.map(() => 0));
      // a message that no consumer acknowledged waits again once its consumer is gone
      await until(async () => (await this.waitingMessages()) === 0, 'queues without a message', 5_000);
    } finally {
      await this.remove();
    }
  }

  private async remove(): Promise<void> {
    await this.killAll();
    await this.ground.vhost?.remove();
    await this.ground.database.drop();
    rmSync(this.ground.folder, { recursive: true, force: true });
  }

  private only(...wanted: string[]): FanfareProcess[] {
    return this.processes.filter(({ role }) => wanted.includes(role));
  }
}

async function layGround(options: InstallationOptions): Promise<Ground> {
  const distributed = options.engine === 'distributed';
  const vhost = distributed && options.amqpUrl === undefined ? await createVhost() : undefined;
  return {
    folder: mkdtempSync(join(tmpdir(), 'fanfare-e2e-')),
    database: distributed
      ? await freshMysql(options.mysqlServer ?? mysqlServer)
      : await freshDatabase('sqlite'),
    vhost,
    amqpUrl: distributed ? (options.amqpUrl ?? vhost?.url()) : undefined,
  };
}

function settingsOf(options: InstallationOptions, ground: Ground, apiPort: number) {
  return {
    FANFARE_PUBLIC_URL: `http://localhost:${apiPort}`,
    FANFARE_DATA_DIR: ground.folder,
    FANFARE_DATABASE_URL: ground.database.url,
    FANFARE_AMQP_URL: ground.amqpUrl,
    FANFARE_QUEUE_PREFIX: queuePrefix,
    FANFARE_SECRET: randomBytes(32).toString('hex'),
    FANFARE_ADMIN_KEY: `fs_${randomBytes(24).toString('base64url')}`,
    FANFARE_PUSH_HOSTS: options.pushHosts.join(','),
    // a killed worker's dispatches are to be taken over soon
    FANFARE_LEASE_SECONDS: '3',
    ...options.env,
  };
}
