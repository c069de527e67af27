/*
 * What a database error means for us. Drivers agree on nothing but a `code`, so both are read here and nowhere
 * else. Error texts are never passed on: they can hold statements and values.
 */

const transientCodes = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
]);

const unavailableCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOENT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_QUERY_INTERRUPTED',
  'ER_NEW_ABORTING_CONNECTION',
]);

/** The driver's code, for example `ER_DUP_ENTRY` or `SQLITE_CONSTRAINT_UNIQUE`; '' when there is none. */
export function databaseErrorCode(error: unknown): string {
  const inner = unwrap(error);
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return '';
  return String(inner.code);
}

/** The same work may succeed at once if run again: a deadlock, a lock wait, a busy file. */
export function isTransient(error: unknown): boolean {
  return transientCodes.has(databaseErrorCode(error));
}

/** The database cannot be reached at present; work may go on later. */
export function isUnavailable(error: unknown): boolean {
  return unavailableCodes.has(databaseErrorCode(error)) || isTransient(error) || isClosedConnection(error);
}

/** A unique index refused the row: somebody else was first. */
export function isDuplicate(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return (
    code === 'ER_DUP_ENTRY' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

// mysql2 names some breaks only in words
function isClosedConnection(error: unknown): boolean {
  return error instanceof Error && /closed state|Connection lost|Pool is closed/i.test(error.message);
}

function unwrap(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'driverError' in error ? error.driverError : error;
}
