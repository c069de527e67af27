import type { Sql } from '../sql';

const askSeconds = 60;
/** The longest that a server knows. */
const silenceSeconds = 31_536_000;

/**
 * The name of a lock of this database's own. Names are the server's, which may hold several installations, and have 64
 * characters at most.
 * @param purpose 15 characters at most
 * @returns an SQL expression, for a connection that has chosen its database
 */
export function mysqlLockName(purpose: string): string {
  return `CONCAT('fanfare.${purpose}.', LEFT(SHA2(DATABASE(), 256), 40))`;
}

/**
 * Does something that only one process may do at a time on this database. However long another does it, that is waited
 * for: it may be migrating a large table.
 * @param sql on one connection, which the work leaves alone: the lock is the connection's, and ends with it
 */
export async function withMysqlLock<T>(sql: Sql, purpose: string, work: () => Promise<T>): Promise<T> {
  const name = mysqlLockName(purpose);
  // nothing is said on it while the work goes on
  await sql.run(`SET SESSION wait_timeout = ${silenceSeconds}`);
  // without an end is a wait that MariaDB does not know
  while (!(await ask(sql, `GET_LOCK(${name}, ${askSeconds})`)));
  try {
    return await work();
  } finally {
    // a connection that broke has freed it
    await ask(sql, `RELEASE_LOCK(${name})`).catch(() => undefined);
  }
}

/** @throws when the server says neither yes nor no, as it does when it cannot keep another lock */
async function ask(sql: Sql, question: string): Promise<boolean> {
  const [row] = await sql.rows<{ answer: number | null }>(`SELECT ${question} AS answer`);
  if (row?.answer === null) throw new Error('The database server can keep no further lock.');
  return Number(row?.answer) === 1;
}
