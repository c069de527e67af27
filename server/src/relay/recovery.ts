import { idList } from '../database/sql';
import { type Lane, lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';
import type { LeaseGrace } from './leaseGrace';
import { markUnpublished } from './markUnpublished';
import type { WatchedDatabase } from './watchDatabase';

interface RecoveryParts {
  readonly database: WatchedDatabase;
  readonly grace: Pick<LeaseGrace, 'isOver'>;
  readonly queue: DispatchQueue;
  readonly log: Log;
}

const everyMs = 2_000;
/** A message that was published so long ago and is neither waiting nor leased is looked for. */
const lostAfterMs = 10_000;
/**
 * The queue hands out what came first, first: a message that was published so much earlier than one that a worker has
 * taken does not wait any more. The margin is for relays that are slow to publish what they have marked.
 */
const overtakenByMs = 30_000;
const lookAtDeadLettersEveryMs = 30_000;

/** Finds what died with a worker, what died with the broker, and what was set aside and has run out of time. */
export class Recovery {
  #dueAt = 0;
  #deadLettersAt = 0;
  #deadLetters = 0;
  /** When the newest message was published that any worker was seen to have taken. */
  readonly #newestTaken: Record<Lane, number> = { transactional: 0, bulk: 0 };

  constructor(
    private readonly parts: RecoveryParts,
    private readonly now: () => number,
  ) {}

  /** One round every two seconds; what fails is tried again in the next. */
  async runIfDue(): Promise<void> {
    const now = this.now();
    if (now < this.#dueAt) return;
    this.#dueAt = now + everyMs;
    await this.#run(now);
  }

  async #run(now: number): Promise<void> {
    if (this.parts.grace.isOver) await releaseExpiredLeases(this.parts, now);
    await reviveSettled(this.parts.database, now);
    for (const lane of lanes) {
      const overtaken = await this.#overtakenBefore(lane);
      await findLost(this.parts, lane, now, overtaken);
    }
    await this.#watchDeadLetters(now);
  }

  /** What was published before and is in nobody's hands has been lost, however many messages wait. */
  async #overtakenBefore(lane: Lane): Promise<number> {
    const [row] = await this.parts.database.sql.rows<{ newest: number | null }>(
      'SELECT MAX(publishedAt) AS newest FROM dispatch WHERE leaseUntil IS NOT NULL AND lane = ?',
      [lane],
    );
    this.#newestTaken[lane] = Math.max(this.#newestTaken[lane], Number(row?.newest ?? 0));
    return this.#newestTaken[lane] - overtakenByMs;
  }

  /** Somebody has to look at dead letters: one line for each time they have grown. */
  async #watchDeadLetters(now: number): Promise<void> {
    if (now < this.#deadLettersAt) return;
    this.#deadLettersAt = now + lookAtDeadLettersEveryMs;
    const deadLetters = await this.parts.queue.deadLetters();
    if (deadLetters === undefined) return;
    if (deadLetters > this.#deadLetters) {
      this.parts.log.error({ deadLetters }, 'messages were given up: see deadDispatches in the API');
    }
    this.#deadLetters = deadLetters;
  }
}

async function releaseExpiredLeases({ database, log }: RecoveryParts, now: number): Promise<void> {
  const expired = await database.sql.rows<{ id: number }>(
    'SELECT id FROM dispatch WHERE leaseUntil < ? LIMIT 1000',
    [now],
  );
  if (expired.length === 0) return;
  const { affected } = await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL
       WHERE id IN (${idList(expired.map((row) => row.id))}) AND COALESCE(leaseUntil, ?) < ?`,
      [now, now],
    ),
  );
  if (affected > 0) log.warn({ dispatches: affected }, 'leases ran out: dispatches are published again');
}

/**
 * A dispatch that was set aside stays so until its time has run out or its notification is cancelled; then a worker
 * settles it without sending.
 */
async function reviveSettled(database: WatchedDatabase, now: number): Promise<void> {
  const expired = await database.sql.rows<{ id: number }>(
    `SELECT d.id FROM dispatch d JOIN notification n ON n.id = d.notificationId
     WHERE d.deadAt IS NOT NULL AND (n.deadlineAt < ? OR n.status = 'CANCELLED') LIMIT 1000`,
    [now],
  );
  if (expired.length === 0) return;
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET deadAt = NULL, deadReason = NULL, claims = 0, publishedAt = NULL
       WHERE id IN (${idList(expired.map((row) => row.id))})`,
    ),
  );
}

/**
 * Rows say published, but the queue has handed out what was published much later, or fewer messages wait than rows:
 * those, or the oldest, are due again. A broker that came back empty is made good in this way, and so is a crash
 * between marking rows and publishing them.
 */
async function findLost(
  { database, queue, log }: RecoveryParts,
  lane: Lane,
  now: number,
  overtakenBefore: number,
): Promise<void> {
  const [row] = await database.sql.rows<{ believed: number; overtaken: number | null }>(
    `SELECT COUNT(*) AS believed, SUM(publishedAt < ?) AS overtaken ${publishedBefore}`,
    [overtakenBefore, lane, now - lostAfterMs],
  );
  const believed = Number(row?.believed ?? 0);
  if (believed === 0) return;
  const waiting = await queue.depth(lane);
  const missing = waiting === undefined ? 0 : believed - waiting;
  const atLeast = Math.min(mostAtOnce, Math.max(missing, Number(row?.overtaken ?? 0)));
  if (atLeast <= 0) return;
  const lost = await database.sql.rows<{ id: number }>(
    `SELECT id ${publishedBefore} ORDER BY publishedAt LIMIT ${atLeast}`,
    [lane, now - lostAfterMs],
  );
  if (lost.length === 0) return;
  await markUnpublished(
    database,
    lost.map((each) => each.id),
  );
  log.warn(
    { lane, dispatches: lost.length },
    'the queue no longer holds dispatches: they are published again',
  );
}

const mostAtOnce = 1_000;
const publishedBefore =
  'FROM dispatch WHERE lane = ? AND publishedAt < ? AND leaseUntil IS NULL AND deadAt IS NULL';
