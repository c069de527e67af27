import { isUnavailable } from '../database/faults';
import type { Log } from '../observe/log';

const patienceMs = 60_000;
const retryMs = 1_000;

/** A database that is still starting is waited for, a minute at most; one that refuses us is not. */
export async function whenDatabaseAnswers<T>(log: Log, ask: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > giveUpAt) throw error;
      log.warn('waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
