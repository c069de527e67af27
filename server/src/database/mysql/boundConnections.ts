import type { Pool, PoolConnection } from 'mysql2';
import { startDeadline } from '../../model/deadline';
import { databaseErrorCode, isReadOnly } from '../faults';
import { boundWaiting, type WaitingBounds } from './boundWaiting';

/** What holds for each connection of a pool, so that a server or network that falls silent holds up nobody for good. */
export interface ConnectionBounds extends WaitingBounds {
  /** A query without an answer for so long fails with PROTOCOL_SEQUENCE_TIMEOUT. */
  readonly timeoutMs: number;
  /**
   * The server ends a connection that it has heard nothing of for so long, with its transaction and locks. Longer
   * than the pool keeps a connection idle.
   */
  readonly silenceSeconds: number;
  /** A statement waits for another's locks no longer than this, and then fails with ER_LOCK_WAIT_TIMEOUT. */
  readonly lockWaitSeconds: number;
}

/** Of ids that are read as one value. */
const longestListBytes = 16_000_000;

/** The callback forms of mysql2's `query` that TypeORM uses. */
type Query = (sql: string | { sql: string }, ...rest: unknown[]) => unknown;
type Done = (error: { code?: string } | null, ...results: unknown[]) => void;

/**
 * Strict about values, and nothing else. What the server has by itself may change what statements mean: with
 * NO_BACKSLASH_ESCAPES the driver's way of binding a value would let that end its string.
 */
const sqlMode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/**
 * Bounds every connection that the pool makes from now on. They read what is committed, for all statements and not
 * only in transactions, because a single UPDATE would otherwise lock the rows and gaps it reads over, and workers
 * that claim different dispatches would stand in each other's way.
 */
export function boundConnections(pool: Pool, bounds: ConnectionBounds): void {
  boundWaiting(pool, bounds);
  const settings = [
    'TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `wait_timeout = ${bounds.silenceSeconds}, innodb_lock_wait_timeout = ${bounds.lockWaitSeconds}`,
    // MySQL cuts a list off after 1,024 bytes
    `group_concat_max_len = ${longestListBytes}`,
    `sql_mode = '${sqlMode}'`,
  ];
  pool.on('connection', (connection) => {
    const pooled = connection as unknown as PoolConnection;
    boundQueries(pooled, bounds.timeoutMs);
    for (const setting of settings) {
      // a connection without its settings is of no use; that it broke shows at the next query, which is the caller's
      pooled.query(`SET SESSION ${setting}`, (error) => error && pooled.destroy());
    }
  });
}

function boundQueries(connection: PoolConnection, timeoutMs: number): void {
  const unbound: Query = connection.query.bind(connection) as unknown as Query;
  const query: Query = (sql, ...rest) => {
    const done = rest.pop() as Done;
    let answered = false;
    const answer = (...results: Parameters<Done>) => {
      if (answered) return;
      answered = true;
      deadline.cancel();
      if (isUseless(results[0])) connection.destroy();
      done(...results);
    };
    // the driver's own time-out does not look whether the answer has arrived in the meantime
    const deadline = startDeadline(timeoutMs, () => answer(timedOut(timeoutMs)));
    return unbound(typeof sql === 'string' ? { sql } : sql, ...rest, answer);
  };
  connection.query = query as unknown as PoolConnection['query'];
}

function timedOut(timeoutMs: number): Error & { code: string } {
  return Object.assign(new Error(`No answer within ${timeoutMs} ms`), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
}

/** The answer may still come, or the name leads to another server by now. */
function isUseless(error: unknown): boolean {
  return databaseErrorCode(error) === 'PROTOCOL_SEQUENCE_TIMEOUT' || isReadOnly(error);
}
