import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { mysqlLockName } from './mysqlLock';
import { type MysqlOptions, type MysqlTarget, mysqlOptions } from './mysqlOptions';

/** A database that is this process's alone; commands beside it are not kept out. */
export interface DatabaseClaim {
  /** Resolves when another process has it: then this one must end. Never before, and not on release. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

export interface ClaimTiming {
  /** How often the claim is looked after; it also keeps the connection from being idle. */
  readonly checkEveryMs: number;
  /** A server that does not answer for so long is away. */
  readonly timeoutMs: number;
  readonly retryMs: number;
  /** The server ends a connection that it has heard nothing of for so long, and the claim with it. */
  readonly silenceSeconds: number;
}

const usual: ClaimTiming = { checkEveryMs: 5_000, timeoutMs: 5_000, retryMs: 200, silenceSeconds: 30 };

const lockName = mysqlLockName('owner');

/**
 * Claims a MySQL database for this process, as the only one that works on it, by a named lock on a connection of its
 * own: the server frees it when the process is gone. A connection that is lost is made again at once and takes the
 * claim back, unless another process was faster.
 * @returns undefined while another process has it
 * @throws what the driver throws when the server cannot be reached
 */
export async function claimMysqlDatabase(
  target: MysqlTarget,
  timing: ClaimTiming = usual,
): Promise<DatabaseClaim | undefined> {
  const ours = new Set<number>();
  const options = mysqlOptions(target);
  const connection = await connectAndLock(options, timing, ours);
  return connection && new MysqlClaim(options, timing, connection, ours);
}

class MysqlClaim implements DatabaseClaim {
  readonly lost: Promise<void>;
  #lose: () => void = () => undefined;
  #connection: Connection;
  #timer: NodeJS.Timeout | undefined;
  #regaining: Promise<void> | undefined;
  #released = false;

  constructor(
    private readonly options: MysqlOptions,
    private readonly timing: ClaimTiming,
    connection: Connection,
    private readonly ours: Set<number>,
  ) {
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#connection = connection;
    this.#watch();
  }

  async release(): Promise<void> {
    this.#released = true;
    clearTimeout(this.#timer);
    await this.#regaining;
    this.#connection.destroy();
  }

  #watch(): void {
    const connection = this.#connection;
    connection.on('error', () => this.#regain());
    const check = async () => {
      try {
        await connection.query({ sql: 'SELECT 1', timeout: this.timing.timeoutMs });
        next();
      } catch {
        this.#regain();
      }
    };
    const next = () => {
      if (this.#released || this.#connection !== connection) return;
      this.#timer = setTimeout(check, this.timing.checkEveryMs).unref();
    };
    next();
  }

  #regain(): void {
    if (this.#released || this.#regaining) return;
    clearTimeout(this.#timer);
    this.#regaining = this.#lockAgain().finally(() => {
      this.#regaining = undefined;
    });
  }

  async #lockAgain(): Promise<void> {
    this.#connection.destroy();
    while (!this.#released) {
      try {
        const connection = await connectAndLock(this.options, this.timing, this.ours);
        if (!connection) return this.#lose();
        this.#connection = connection;
        return this.#watch();
      } catch {
        // the server is away: nobody can take the claim there, and nobody can work
        await new Promise((resolve) => setTimeout(resolve, this.timing.retryMs));
      }
    }
  }
}

/**
 * @param ours ids of the connections that may hold the lock for us, of which the server may not have noticed yet that
 *   they are gone; also of those from which no answer came. Afterwards the one that holds it.
 * @returns undefined when somebody else has the lock
 */
async function connectAndLock(
  options: MysqlOptions,
  timing: ClaimTiming,
  ours: Set<number>,
): Promise<Connection | undefined> {
  const { timeoutMs, silenceSeconds } = timing;
  const connection = await createConnection({ ...options, connectTimeout: timeoutMs });
  // a failure in between shows at the query under way
  connection.on('error', () => undefined);
  const ask = async (sql: string) => {
    const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: timeoutMs });
    return Number(rows[0]?.answer ?? 0);
  };
  try {
    await connection.query(`SET SESSION wait_timeout = ${silenceSeconds}`);
    const lock = () => ask(`SELECT GET_LOCK(${lockName}, 0) AS answer`);
    const hold = () => {
      ours.clear();
      ours.add(connection.threadId);
      return connection;
    };
    const known = [...ours];
    ours.add(connection.threadId);
    if ((await lock()) === 1) return hold();
    const holder = await ask(`SELECT IS_USED_LOCK(${lockName}) AS answer`);
    if (known.includes(holder)) {
      await connection.query(`KILL ${holder}`);
      // the lock is freed a moment later
      if ((await ask(`SELECT GET_LOCK(${lockName}, 5) AS answer`)) === 1) return hold();
    }
  } catch (error) {
    connection.destroy();
    throw error;
  }
  connection.destroy();
  return undefined;
}
