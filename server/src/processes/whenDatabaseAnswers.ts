import { databaseErrorCode, isTlsFault, isUnavailable } from '../database/faults';
import type { Log } from '../observe/log';

const databaseTimeoutMs = 60_000;
const retryMs = 1_000;

/**
 * A database that is still starting is waited for, a minute at most; one that refuses us is not. Neither is a host that
 * DNS does not know, nor a TLS handshake that fails: at a start that is a wrong setting more often than an outage, and
 * should be said at once.
 */
export async function whenDatabaseAnswers<T>(log: Log, ask: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + databaseTimeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const code = databaseErrorCode(error);
      if (code === 'ENOTFOUND' || isTlsFault(error) || !isUnavailable(error) || performance.now() > giveUpAt)
        throw error;
      log.warn({ code }, 'waiting for the database');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
