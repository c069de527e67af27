import type { Database } from '../database/openDatabase';
import type { LeaseGrace } from './leaseGrace';

/** What the relay needs of the database. */
export interface WatchedDatabase extends Pick<Database, 'skipLocked' | 'write' | 'sqlTransaction'> {
  readonly sql: Pick<Database['sql'], 'rows'>;
}

/**
 * The same database; `grace` hears of each answer. That a broker kept the relay waiting is no sign of the database.
 * @param now the clock of `grace`
 */
export function watchDatabase(database: Database, grace: LeaseGrace, now: () => number): WatchedDatabase {
  const watched = async <T>(ask: () => Promise<T>): Promise<T> => {
    const askedAt = now();
    try {
      const answer = await ask();
      grace.answered(askedAt);
      return answer;
    } catch (error) {
      grace.failed(askedAt);
      throw error;
    }
  };
  return {
    skipLocked: database.skipLocked,
    write: (work) => watched(() => database.write(work)),
    sqlTransaction: (work) => watched(() => database.sqlTransaction(work)),
    sql: { rows: (statement, values) => watched(() => database.sql.rows(statement, values)) },
  };
}
