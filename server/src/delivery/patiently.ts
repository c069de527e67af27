import { databaseErrorCode, isUnavailable } from '../database/faults';
import type { Log } from '../observe/log';

export interface Patience {
  /** True once the worker shuts down. */
  readonly stopping: () => boolean;
  readonly log: Log;
}

const patienceMs = 300_000;
const firstPauseMs = 250;
const mostPauseMs = 2_000;
const stoppingPauseMs = 250;

/**
 * Does something with the database, again and again while that is away: for five minutes, and after the begin of a
 * shutdown for `whileStoppingMs`. Meanwhile the queue's message stays with this worker, so that an outage of the
 * database makes no messages go round.
 * @throws what the work throws, at once when the database is there
 */
export async function patiently<T>(
  patience: Patience,
  dispatchId: number,
  work: () => Promise<T>,
  whileStoppingMs = 0,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  let stopBy: number | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(mostPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (patience.stopping()) stopBy ??= performance.now() + whileStoppingMs;
      const latest = Math.min(giveUpAt, stopBy ?? giveUpAt);
      if (!isUnavailable(error) || performance.now() >= latest) throw error;
      patience.log.warn({ dispatchId, code: databaseErrorCode(error) }, 'a dispatch waits for the database');
    }
    const shortest = stopBy === undefined ? pauseMs : stoppingPauseMs;
    await new Promise((resolve) => setTimeout(resolve, shortest));
  }
}
