import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { UndoStack } from './undoStack';
import { until } from './until';

/** A `fanfare start` of the benchmark's own. */
export interface FanfareProcess {
  readonly pid: number;
  /** Ends it by SIGTERM, as an operator would. */
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly role: 'all' | 'api' | 'worker';
  readonly env: Record<string, string>;
  readonly nodeOptions?: readonly string[] | undefined;
  readonly readyUrl: string;
}

/** From `server/dist/bench/bench`, where this file runs. */
const program = join(__dirname, '../../../bin/fanfare.cjs');
const startTimeoutMs = 30_000;

/** Starts the built program, to be stopped with everything else, and waits until it says that it is ready. */
export async function launchFanfare(undo: UndoStack, options: LaunchOptions): Promise<FanfareProcess> {
  const args = [
    ...(options.nodeOptions ?? []),
    program,
    'start',
    '--role',
    options.role,
    '--no-push-service',
  ];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'inherit'],
    // a Ctrl-C at the terminal is for the benchmark, which then stops its processes in good order
    detached: true,
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  await undo.add(stop);
  await until(`the ${options.role} process`, startTimeoutMs, async () => {
    if (child.exitCode !== null) throw new Error(`fanfare start --role ${options.role} ended at once.`);
    return (await isReady(options.readyUrl)) || undefined;
  });
  return { pid: child.pid ?? 0, stop };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
