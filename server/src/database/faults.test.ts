import { QueryFailedError } from 'typeorm';
import { databaseErrorCode, isDuplicate, isReadOnly, isTransient, isUnavailable } from './faults';

const failure = (fields: object, message = 'words of the driver') =>
  Object.assign(new Error(message), fields);

describe('a database error', () => {
  test.each([
    ['a name that is gone from DNS', { code: 'ENOTFOUND' }],
    ['a name server that does not answer', { code: 'EAI_AGAIN' }],
    ['a host that is gone', { code: 'EHOSTUNREACH' }],
    ['a network that is gone', { code: 'ENETUNREACH' }],
    ['nothing that listens', { code: 'ECONNREFUSED' }],
    ['a connection that broke', { code: 'PROTOCOL_CONNECTION_LOST' }],
    ['a query that nobody answered', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }],
    ['no connection within the time', { code: 'POOL_ACQUIRE_TIMEOUT' }],
    ['too many who wait for a connection', { code: 'POOL_ENQUEUELIMIT' }],
    ['a server that stops', { code: 'ER_SERVER_SHUTDOWN' }],
    ['a server without a connection to spare', { code: 'ER_CON_COUNT_ERROR' }],
    ['a connection that was silent for too long', { code: 'ER_CLIENT_INTERACTION_TIMEOUT' }],
    ['a connection that MariaDB has killed', { code: undefined, errno: 1927 }],
    ['a server that takes no writes', { code: 'ER_OPTION_PREVENTS_STATEMENT' }],
    ['a server whose storage takes no writes', { code: 'ER_READ_ONLY_MODE' }],
    ['transactions that take no writes', { code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' }],
    ['a full disk', { code: 'SQLITE_FULL' }],
    ['a full disk of the server', { code: 'ER_DISK_FULL' }],
    ['a deadlock', { code: 'ER_LOCK_DEADLOCK' }],
    ['a busy file', { code: 'SQLITE_BUSY' }],
  ])('%s is unavailability, also as TypeORM tells it', (_what, fields) => {
    expect(isUnavailable(failure(fields))).toBe(true);
    expect(isUnavailable(new QueryFailedError('SELECT 1', [], failure(fields)))).toBe(true);
  });

  test.each(["Can't add new command when connection is in closed state", 'Pool is closed.'])(
    'without a code is known by its words: %s',
    (message) => expect(isUnavailable(failure({}, message))).toBe(true),
  );

  test.each([
    { code: 'ER_PARSE_ERROR', errno: 1064 },
    { code: 'ER_DUP_ENTRY' },
    { code: 'ER_ACCESS_DENIED_ERROR' },
    { code: undefined, errno: 1969 },
    {},
  ])('is no unavailability when the database was there: %p', (fields) => {
    expect(isUnavailable(failure(fields))).toBe(false);
  });

  test('is worth another try at once when it is about locks, and not when the server is away', () => {
    expect(isTransient(failure({ code: 'ER_LOCK_WAIT_TIMEOUT' }))).toBe(true);
    expect(isTransient(failure({ code: 'ENOTFOUND' }))).toBe(false);
  });

  test('tells a server that takes no writes from one that is away', () => {
    expect(isReadOnly(failure({ code: 'ER_OPTION_PREVENTS_STATEMENT' }))).toBe(true);
    expect(isReadOnly(failure({ code: 'ECONNREFUSED' }))).toBe(false);
  });

  test.each(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'])(
    'tells that somebody else was first: %s',
    (code) => expect(isDuplicate(failure({ code }))).toBe(true),
  );

  test.each<[unknown, string]>([
    [failure({ code: 'ER_DUP_ENTRY' }), 'ER_DUP_ENTRY'],
    [failure({ code: undefined, errno: 1927 }), 'ER_CONNECTION_KILLED'],
    [failure({ code: undefined, errno: 9999 }), ''],
    [failure({}), ''],
    ['words', ''],
    [null, ''],
  ])('has a code or none: %p', (error, code) => expect(databaseErrorCode(error)).toBe(code));
});
