import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { findProgram, OwnProcess } from '../process/ownProcess';
import { until } from '../until';
import { freePort } from './freePort';

const serverProgram = findProgram('mariadbd');
const installProgram = findProgram('mariadb-install-db');

/** Whether this machine has the programs to start nodes from. */
export const mariadbInstalled = serverProgram !== undefined && installProgram !== undefined;

/**
 * A MariaDB server of the test's own, with its own port, socket and data directory, so that the test may
 * stop and kill it. User `root`, no password, TCP on the loopback address.
 */
export class MariadbNode {
  private process: OwnProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private settings: readonly string[],
  ) {}

  /** @param settings further arguments of the server, for example `--skip-ssl` */
  static async start(...settings: string[]): Promise<MariadbNode> {
    const folder = mkdtempSync(path.join(tmpdir(), 'fanfare-mariadb-'));
    const node = new MariadbNode(await freePort(), folder, settings);
    try {
      node.install();
      await node.start();
      return node;
    } catch (error) {
      await node.remove();
      throw error;
    }
  }

  get serverUrl(): string {
    return `mysql://root@127.0.0.1:${this.port}`;
  }

  /** The server's address for a database of that name, which need not exist. */
  url(database: string): string {
    return `${this.serverUrl}/${database}`;
  }

  /** Starts the server on the data it has; resolves when it answers a query. */
  async start(): Promise<void> {
    const own = new OwnProcess(serverProgram ?? 'mariadbd', [
      ...this.commonArguments(),
      `--port=${this.port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(this.folder, 'socket')}`,
      `--pid-file=${path.join(this.folder, 'pid')}`,
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=1',
      ...this.settings,
    ]);
    this.process = own;
    await until(() => this.answers(own), 'the MariaDB server to answer', 100_000);
  }

  /** Stops the server and starts it on the same data with other settings. */
  async restartWith(...settings: string[]): Promise<void> {
    await this.stop();
    this.settings = settings;
    await this.start();
  }

  /** An orderly stop. */
  async stop(): Promise<void> {
    await this.process?.end('SIGTERM');
  }

  /** kill -9: what was committed must be there after the next start. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** Kills the server and removes its files. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private install(): void {
    const args = [...this.commonArguments(), '--auth-root-authentication-method=normal', '--skip-test-db'];
    execFileSync(installProgram ?? 'mariadb-install-db', args, { stdio: 'ignore' });
  }

  private commonArguments(): string[] {
    const dataFolder = path.join(this.folder, 'data');
    return ['--no-defaults', `--user=${userInfo().username}`, `--datadir=${dataFolder}`];
  }

  private async answers(own: OwnProcess): Promise<boolean> {
    if (!own.running) throw new Error(`the MariaDB server ended: ${own.lastOutput}`);
    try {
      const connection = await createConnection({ uri: this.url('mysql'), connectTimeout: 2_000 });
      await connection.end();
      return true;
    } catch {
      return false;
    }
  }
}
