import { withDeadline } from '../model/withDeadline';
import type { Log } from '../observe/log';

const roundMs = 8_000;

/**
 * Waits until the rounds under way of a process that stops have ended, but not for a database that says nothing: a query to it
 * fails only after 20 seconds. A round may be cut off anywhere, as by a kill.
 */
export async function endRounds(log: Log, rounds: readonly Promise<unknown>[]): Promise<void> {
  await withDeadline(Promise.all(rounds), roundMs, 'the last round').catch((error: unknown) =>
    log.warn({ err: error }, 'stopping in the middle of a round; another process continues it'),
  );
}
