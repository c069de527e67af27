import type { Database } from '../database/openDatabase';

/** What the relay needs of the database. */
export interface WatchedDatabase extends Pick<Database, 'skipLocked' | 'write' | 'sqlTransaction'> {
  readonly sql: Pick<Database['sql'], 'rows'>;
}

/** One answer that took so long, and workers may have been unable to renew their leases. */
const stallMs = 3_000;

/**
 * The same database.
 * @param onAway told when it did not answer, or answered late; that a broker kept the relay waiting is no sign of it
 */
export function watchDatabase(database: Database, onAway: () => void, now: () => number): WatchedDatabase {
  const watched = async <T>(ask: () => Promise<T>): Promise<T> => {
    const askedAt = now();
    try {
      return await ask();
    } catch (error) {
      onAway();
      throw error;
    } finally {
      if (now() - askedAt > stallMs) onAway();
    }
  };
  return {
    skipLocked: database.skipLocked,
    write: (work) => watched(() => database.write(work)),
    sqlTransaction: (work) => watched(() => database.sqlTransaction(work)),
    sql: { rows: (statement, values) => watched(() => database.sql.rows(statement, values)) },
  };
}
