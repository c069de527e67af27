import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'amqplib';
import { findProgram, OwnProcess } from '../process/ownProcess';
import { until } from '../until';
import { freePort } from './freePort';

// the wrapper that distributions put on the PATH insists on one user and one data directory
const serverProgram = findProgram('/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server');
const controlProgram = findProgram('/usr/lib/rabbitmq/bin/rabbitmqctl', 'rabbitmqctl');

/** Whether this machine has the programs to start nodes from. */
export const rabbitInstalled = serverProgram !== undefined && controlProgram !== undefined;

/**
 * A RabbitMQ node of the test's own, started from the installed binaries with its own ports, port mapper,
 * cookie and data directory, so that the test may stop, kill and empty it.
 */
export class RabbitNode {
  private process: OwnProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly env: NodeJS.ProcessEnv,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RabbitNode> {
    const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
    const folder = mkdtempSync(path.join(tmpdir(), 'fanfare-rabbit-'));
    const node = new RabbitNode(port, nodeEnvironment(folder, port, distPort, epmdPort), folder);
    try {
      await node.start();
      return node;
    } catch (error) {
      await node.remove();
      throw error;
    }
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  /** Starts the node on the data it has; resolves when it completes an AMQP handshake. */
  async start(): Promise<void> {
    const own = new OwnProcess(serverProgram ?? 'rabbitmq-server', [], this.env);
    this.process = own;
    await until(() => this.answers(own), 'the RabbitMQ node to answer', 100_000);
  }

  /** An orderly stop. */
  async stop(): Promise<void> {
    await this.process?.end('SIGTERM');
  }

  /** kill -9: whatever was not on the disk is gone. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** Runs `rabbitmqctl` against this node. */
  control(...args: string[]): void {
    execFileSync(controlProgram ?? 'rabbitmqctl', ['-q', ...args], { env: this.env, stdio: 'ignore' });
  }

  /** Removes the data of a node that is down: queues, exchanges, messages. */
  wipe(): void {
    rmSync(path.join(this.folder, 'data'), { recursive: true, force: true });
  }

  /** Kills the node and its port mapper and removes its files. */
  async remove(): Promise<void> {
    await this.kill();
    const epmd = findProgram('epmd');
    if (epmd) execFileSync(epmd, ['-kill'], { env: this.env, stdio: 'ignore' });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(own: OwnProcess): Promise<boolean> {
    if (!own.running) throw new Error(`the RabbitMQ node ended: ${own.lastOutput}`);
    try {
      const connection = await connect(this.url, { timeout: 2_000 });
      await connection.close();
      return true;
    } catch {
      return false;
    }
  }
}

function nodeEnvironment(folder: string, port: number, distPort: number, epmdPort: number) {
  const plugins = path.join(folder, 'enabled_plugins');
  writeFileSync(plugins, '[].\n');
  const config = path.join(folder, 'rabbitmq.conf');
  writeFileSync(config, `listeners.tcp.1 = 127.0.0.1:${port}\n`);
  return {
    PATH: process.env.PATH,
    HOME: folder,
    // the script then becomes the node instead of waiting for it, so that a signal reaches the node
    RUNNING_UNDER_SYSTEMD: '1',
    RABBITMQ_NODENAME: `fanfare_test_${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ADVANCED_CONFIG_FILE: path.join(folder, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: path.join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
    RABBITMQ_MNESIA_BASE: path.join(folder, 'data'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
  };
}
