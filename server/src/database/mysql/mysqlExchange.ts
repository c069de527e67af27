import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2';
import type { Exchange, SqlValue, Statement, StatementResult } from '../sql';

/**
 * Statements on one connection, several of them as one message: a message to the server and its answer cost this
 * process some five times what the server needs for a simple statement.
 */
export function mysqlExchange(connection: PoolConnection): Exchange {
  return (statements) =>
    new Promise((resolve, reject) => {
      if (statements.length === 0) return resolve([]);
      const text = statements.map((each) => each.text).join(';\n');
      const values: SqlValue[] = statements.flatMap((each) => [...(each.values ?? [])]);
      connection.query(text, values, (error, answer) => {
        if (error) reject(error);
        else resolve(resultsOf(statements, answer));
      });
    });
}

/** The same on any connection of a pool, which takes it back afterwards. */
export function pooledExchange(pool: Pool): Exchange {
  return (statements) => withConnection(pool, (exchange) => exchange(statements));
}

export async function withConnection<T>(pool: Pool, work: (exchange: Exchange) => Promise<T>): Promise<T> {
  const connection = await new Promise<PoolConnection>((resolve, reject) => {
    pool.getConnection((error, given) => {
      if (error) reject(error);
      else resolve(given);
    });
  });
  try {
    return await work(mysqlExchange(connection));
  } finally {
    connection.release();
  }
}

type Answer = unknown[] | ResultSetHeader;

/** One statement is answered by its result, several by a list of results. */
function resultsOf(statements: readonly Statement[], answer: unknown): StatementResult[] {
  const answers = statements.length === 1 ? [answer as Answer] : (answer as Answer[]);
  return answers.map((each) =>
    Array.isArray(each)
      ? { rows: each, affected: 0, insertId: 0 }
      : { rows: [], affected: each.affectedRows, insertId: each.insertId },
  );
}
