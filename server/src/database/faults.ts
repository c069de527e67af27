/*
 * What a database error means for us. Drivers agree on nothing but a `code`, so both are read here and nowhere
 * else. Error texts are never passed on: they can hold statements and values.
 */

/** MariaDB's own errors have numbers that mysql2 has no names for. */
const namesOfNumbers: Readonly<Record<number, string>> = { 1927: 'ER_CONNECTION_KILLED' };

const transientCodes = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
]);

/** A replica, or a server that is being replaced by another. */
const readOnlyCodes = new Set([
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
]);

/** There is no room for the write; an operator has to free some. */
const storageFullCodes = new Set([
  'SQLITE_FULL',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_ERROR_ON_WRITE',
  'ER_TEMP_FILE_WRITE_FAILURE',
]);
/** TLS was asked for and did not come about. */
const tlsCodes = ['HANDSHAKE_SSL_ERROR', 'HANDSHAKE_NO_SSL_SUPPORT'];

const unavailableCodes = new Set([
  ...readOnlyCodes,
  ...storageFullCodes,
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'POOL_ACQUIRE_TIMEOUT',
  'POOL_ENQUEUELIMIT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOENT',
  // the name of a container, or of a service, is gone from DNS while nothing runs there
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_QUERY_INTERRUPTED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_CONNECTION_KILLED',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  // a server that is restarted with another certificate, or another server in its place
  ...tlsCodes,
]);

/** The driver's code, for example `ER_DUP_ENTRY` or `SQLITE_CONSTRAINT_UNIQUE`; '' when there is none. */
export function databaseErrorCode(error: unknown): string {
  const inner = unwrap(error);
  if (typeof inner !== 'object' || inner === null) return '';
  const { code, errno } = inner as { code?: unknown; errno?: unknown };
  return String(code ?? namesOfNumbers[Number(errno)] ?? '');
}

/** The same work may succeed at once if run again: a deadlock, a lock wait, a busy file. */
export function isTransient(error: unknown): boolean {
  return transientCodes.has(databaseErrorCode(error));
}

/** The server takes no writes from us; another one may, or this one later. */
export function isReadOnly(error: unknown): boolean {
  return readOnlyCodes.has(databaseErrorCode(error));
}

/** The disk of the database is full. */
export function isStorageFull(error: unknown): boolean {
  return storageFullCodes.has(databaseErrorCode(error));
}

/** The database cannot be reached at present, or takes no writes; work may go on later. */
export function isUnavailable(error: unknown): boolean {
  return unavailableCodes.has(databaseErrorCode(error)) || isTransient(error) || isClosedConnection(error);
}

/** TLS was asked for, and the server has none, or a certificate that is not trusted for its name. */
export function isTlsFault(error: unknown): boolean {
  return tlsCodes.includes(databaseErrorCode(error));
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
