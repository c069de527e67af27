import { LRUCache } from 'lru-cache';
import type { Database } from '../../database/openDatabase';
import type { Log } from '../../observe/log';

/** A limit that a request counts against. */
export interface RateBucket {
  /** Names it in the database, at most 100 characters; holds no address or key in the clear. */
  readonly name: string;
  /** Requests in a minute. */
  readonly limit: number;
}

/** What a bucket still has; `granted` false: come back after `resetAt`. */
export interface RateVerdict {
  readonly granted: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Granted by this process in this minute, this time included. */
  readonly used: number;
  /** Milliseconds since 1970. */
  readonly resetAt: number;
  /** The same as a wait, in milliseconds. */
  readonly resetInMs: number;
}

const minuteMs = 60_000;
/** A process takes its share in pieces of this part of the limit, so that few requests touch the database. */
const pieces = 20;

/** One bucket in this process, during one minute. */
interface Share {
  readonly startedAt: number;
  /** Taken from the database and not yet used. */
  left: number;
  used: number;
  /** What nobody has taken yet, as last heard. */
  elsewhere: number;
  exhausted: boolean;
  reserving: Promise<void> | undefined;
}

/**
 * Counts requests by the minute, together with every other process on the database: no more than the limit pass in
 * all, and fewer only by what processes have set aside and not used.
 */
export class RateLimiter {
  readonly #shares = new LRUCache<string, Share>({ max: 20_000 });

  constructor(
    private readonly database: Database,
    private readonly log: Log,
    /** The clock of `resetAt`. */
    readonly now: () => number = database.now,
    private readonly windowMs = minuteMs,
  ) {}

  /** Takes `count` from a bucket, or nothing. A database that fails lets the request pass: it fails by itself. */
  async take(bucket: RateBucket, count: number): Promise<RateVerdict> {
    const share = this.#shareOf(bucket.name);
    while (share.left < count && !share.exhausted) {
      share.reserving ??= this.#reserve(bucket, share, count).finally(() => {
        share.reserving = undefined;
      });
      await share.reserving;
    }
    const granted = share.left >= count;
    if (granted) share.left -= count;
    if (granted) share.used += count;
    return {
      granted,
      limit: bucket.limit,
      remaining: granted ? share.left + share.elsewhere : 0,
      used: share.used,
      ...this.#resetOf(share),
    };
  }

  /** What this process knows of a bucket that has nothing left, else undefined. Takes nothing and asks nobody. */
  spent({ name, limit }: RateBucket): RateVerdict | undefined {
    const share = this.#shares.peek(name);
    if (share?.startedAt !== this.#windowStart() || !share.exhausted || share.left > 0) return undefined;
    return {
      granted: false,
      limit,
      remaining: 0,
      used: share.used,
      ...this.#resetOf(share),
    };
  }

  /** Which of these buckets any process has taken something from in this window, with the end of that. Takes nothing. */
  async takenFrom(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (names.length === 0) return new Map();
    const rows = await this.database.sql.rows<{ bucket: string; startedAt: number }>(
      `SELECT bucket, startedAt FROM rate_window
       WHERE startedAt >= ? AND bucket IN (${names.map(() => '?').join(', ')})`,
      [this.#windowStart(), ...names],
    );
    return new Map(rows.map(({ bucket, startedAt }) => [bucket, Number(startedAt) + this.windowMs]));
  }

  #resetOf({ startedAt }: Share): Pick<RateVerdict, 'resetAt' | 'resetInMs'> {
    const resetAt = startedAt + this.windowMs;
    return { resetAt, resetInMs: resetAt - this.now() };
  }

  #windowStart(): number {
    return Math.floor(this.now() / this.windowMs) * this.windowMs;
  }

  #shareOf(name: string): Share {
    const startedAt = this.#windowStart();
    const known = this.#shares.get(name);
    if (known?.startedAt === startedAt) return known;
    const share = { startedAt, left: 0, used: 0, elsewhere: 0, exhausted: false, reserving: undefined };
    this.#shares.set(name, share);
    return share;
  }

  async #reserve({ name, limit }: RateBucket, share: Share, count: number): Promise<void> {
    const piece = Math.max(count - share.left, Math.ceil(limit / pieces));
    try {
      const taken = await this.#add(name, share.startedAt, piece);
      const beyond = Math.max(0, taken - limit);
      share.left += Math.max(0, piece - beyond);
      share.elsewhere = Math.max(0, limit - taken);
      share.exhausted = beyond > 0;
    } catch (error) {
      this.log.warn({ err: error }, 'requests are not counted');
      share.left += piece;
    }
  }

  /** @returns what all processes have taken in this window, this piece included */
  async #add(name: string, startedAt: number, piece: number): Promise<number> {
    return this.database.sqlTransaction(async (sql) => {
      sql.defer({
        text: this.database.kind === 'mysql' ? mysqlAdd(this.windowMs) : sqliteAdd(this.windowMs),
        values: [name, startedAt, piece],
      });
      const [row] = await sql.rows<{ taken: number }>('SELECT taken FROM rate_window WHERE bucket = ?', [
        name,
      ]);
      return Number(row?.taken ?? 0);
    });
  }
}

/*
 * Where clocks differ, some processes are in the next minute already: who is still in the old one counts with them, and
 * does not set back what they have counted. A minute that is further ahead is a clock that is wrong.
 */
const mysqlAdd = (windowMs: number) => `INSERT INTO rate_window (bucket, startedAt, taken) VALUES (?, ?, ?)
  ON DUPLICATE KEY UPDATE
    taken = IF(startedAt - VALUES(startedAt) IN (0, ${windowMs}), taken, 0) + VALUES(taken),
    startedAt = IF(startedAt - VALUES(startedAt) = ${windowMs}, startedAt, VALUES(startedAt))`;

const sqliteAdd = (windowMs: number) => `INSERT INTO rate_window (bucket, startedAt, taken) VALUES (?, ?, ?)
  ON CONFLICT (bucket) DO UPDATE SET
    taken = (CASE WHEN startedAt - excluded.startedAt IN (0, ${windowMs}) THEN taken ELSE 0 END) + excluded.taken,
    startedAt = (CASE WHEN startedAt - excluded.startedAt = ${windowMs} THEN startedAt ELSE excluded.startedAt END)`;
