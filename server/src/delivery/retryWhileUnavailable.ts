import { databaseErrorCode, isUnavailable } from '../database/faults';
import type { Log } from '../observe/log';

export interface RetryDeps {
  /** True once the worker shuts down. */
  readonly stopping: () => boolean;
  readonly log: Log;
}

const retryForMs = 300_000;
const firstPauseMs = 250;
const mostPauseMs = 2_000;
const stoppingPauseMs = 250;

/**
 * Retries work on the database while the database is unavailable: for five minutes, and once a shutdown has begun for
 * `whileStoppingMs`. The worker keeps the queue's message in the meantime, so that an outage of the database does not
 * send messages round in circles.
 * @throws what the work throws, at once when the database is there
 */
export async function retryWhileUnavailable<T>(
  deps: RetryDeps,
  dispatchId: number,
  work: () => Promise<T>,
  whileStoppingMs = 0,
): Promise<T> {
  const giveUpAt = performance.now() + retryForMs;
  let stopBy: number | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(mostPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (deps.stopping()) stopBy ??= performance.now() + whileStoppingMs;
      const latest = Math.min(giveUpAt, stopBy ?? giveUpAt);
      if (!isUnavailable(error) || performance.now() >= latest) throw error;
      deps.log.warn({ dispatchId, code: databaseErrorCode(error) }, 'a dispatch waits for the database');
    }
    const shortest = stopBy === undefined ? pauseMs : stoppingPauseMs;
    await new Promise((resolve) => setTimeout(resolve, shortest));
  }
}
