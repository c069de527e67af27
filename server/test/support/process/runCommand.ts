import { join } from 'node:path';
import { until } from '../until';
import { OwnProcess } from './ownProcess';

const program = join(__dirname, '../../../dist/main.js');

/**
 * Runs `fanfare <args>` from the built files to its end.
 * @param env the whole environment
 */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ status: number | null; output: string }> {
  const own = new OwnProcess(process.execPath, [program, ...args], env);
  try {
    await until(() => !own.running, `the end of fanfare ${args.join(' ')}`, 60_000);
  } finally {
    await own.end('SIGKILL');
  }
  return { status: own.exitStatus, output: own.lastOutput };
}
