import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until';
import { OwnProcess } from './ownProcess';

const program = join(__dirname, '../../../dist/main.js');

/** One `fanfare start` as a user would run it: a process of its own, from the built files. */
export class FanfareProcess {
  private own: OwnProcess | undefined;
  private earlierOutput = '';

  private env: NodeJS.ProcessEnv;

  /**
   * @param role `all`, `api` or `worker`
   * @param settings the environment; the port is added, and nothing is inherited but the PATH
   */
  constructor(
    readonly role: string,
    private readonly port: number,
    settings: NodeJS.ProcessEnv,
  ) {
    this.env = { PATH: process.env.PATH, NODE_ENV: 'test', FANFARE_PORT: String(port), ...settings };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.own?.running ?? false;
  }

  /** All it has printed so far, over all its starts. */
  get output(): string {
    return this.earlierOutput + (this.own?.lastOutput ?? '');
  }

  /** Settings for its next start. */
  change(settings: NodeJS.ProcessEnv): void {
    this.env = { ...this.env, ...settings };
  }

  /** Starts it, if it is not running, and resolves when it says that it is ready. */
  async start(): Promise<void> {
    if (!this.running) this.launch();
    await until(() => this.isReady(), `a ready process in the role ${this.role}`, 60_000).catch(
      (error: Error) => {
        throw new Error(`${error.message}: ${this.output}`);
      },
    );
  }

  /** Starts it without waiting. */
  launch(): void {
    if (!existsSync(program)) throw new Error('server/dist is missing: run `npm run build` first.');
    this.earlierOutput = this.output;
    this.own = new OwnProcess(
      process.execPath,
      [program, 'start', '--role', this.role, '--no-push-service'],
      this.env,
    );
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.own?.end('SIGKILL');
  }

  /** SIGSTOP: it stands still until `goOn`. */
  stopRunning(): void {
    this.own?.signal('SIGSTOP');
  }

  goOn(): void {
    this.own?.signal('SIGCONT');
  }

  /** SIGTERM. @returns its exit status once it has ended, null when a signal ended it */
  async terminate(): Promise<number | null> {
    await this.own?.end('SIGTERM');
    return this.own?.exitStatus ?? null;
  }

  private async isReady(): Promise<boolean> {
    if (!this.running) throw new Error(`the process ended: ${this.output}`);
    try {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      await answer.text();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
