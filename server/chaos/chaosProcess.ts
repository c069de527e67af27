import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../test/support/until';

/** From `server/dist/chaos/chaos`, where this file runs. */
const program = join(__dirname, '../../main.js');

/** A `fanfare start` that a fault may kill and start again; what it prints goes to a file. */
export class ChaosProcess {
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    readonly role: 'all' | 'api' | 'worker',
    readonly port: number,
    private readonly env: NodeJS.ProcessEnv,
    private readonly logFile: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** All it has printed, over all its starts. */
  get output(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Starts it, if it does not run, and resolves when it is ready. */
  async start(): Promise<void> {
    if (!this.running) this.#launch();
    await until(() => this.#isReady(), `a ready process in the role ${this.role}`, 90_000);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM. @returns its exit status */
  async terminate(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  /** SIGSTOP: it stands still until `goOn`. */
  stopRunning(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  #launch(): void {
    const log = openSync(this.logFile, 'a');
    const args = [program, 'start', '--role', this.role, '--no-push-service'];
    const env = { PATH: process.env.PATH, FANFARE_PORT: String(this.port), ...this.env };
    // a Ctrl-C at the terminal is for the run, which then ends its processes in good order
    this.#child = spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', log, log] });
    this.#ended = once(this.#child, 'exit');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.running) return;
    this.#child?.kill(signal);
    await this.#ended;
  }

  async #isReady(): Promise<boolean> {
    if (!this.running)
      throw new Error(
        `the process ended (${this.#child?.exitCode ?? this.#child?.signalCode}): ${this.output.slice(-2_000)}`,
      );
    try {
      const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      await answer.text();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
