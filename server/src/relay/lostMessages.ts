import { idList } from '../database/sql';
import { type Lane, lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';
import type { WatchedDatabase } from './watchDatabase';

interface LostMessagesDeps {
  readonly database: WatchedDatabase;
  readonly queue: DispatchQueue;
  readonly log: Log;
}

/** A message that was published so long ago and is neither waiting nor leased is looked for. */
const lostAfterMs = 10_000;
/**
 * The queue hands out what came first, first: a message that was published so much earlier than one that a worker has
 * taken does not wait any more. The margin is for relays that are slow to publish what they have marked.
 */
const overtakenByMs = 30_000;
/**
 * What was published so much later than now was published by a clock that has been set back since. Clocks of two
 * processes may differ by less.
 */
const aheadMs = 10_000;
/** What is looked at in one look: half of it a look is published again, since each takes two. */
const mostAtOnce = 2_000;
const believedWaiting =
  'FROM dispatch WHERE lane = ? AND publishedAt < ? AND leaseUntil IS NULL AND deadAt IS NULL';

/**
 * Finds dispatches whose rows say published although the queue does not hold them: it has handed out what was published
 * much later, or fewer messages wait than rows. A broker that came back empty is made good in this way, and so is a
 * crash between marking rows and publishing them.
 */
export class LostMessages {
  /** Found missing in the last look. A message that a worker was just taking is leased by the next. */
  readonly #suspects: Record<Lane, ReadonlySet<number>> = { transactional: new Set(), bulk: new Set() };
  /** When the newest message was published that any worker was seen to have taken. */
  readonly #newestTaken: Record<Lane, number> = { transactional: 0, bulk: 0 };

  constructor(private readonly parts: LostMessagesDeps) {}

  /** Makes due again what is missing for the second time in a row. */
  async find(now: number): Promise<void> {
    for (const lane of lanes) {
      await this.#dateBack(lane, now);
      const missing = await this.#missing(lane, now);
      const lost = missing.filter((id) => this.#suspects[lane].has(id));
      this.#suspects[lane] = new Set(missing);
      if (lost.length > 0) await this.#makeDue(lane, lost, now);
    }
  }

  /** A publication in the future would be looked for only then, and would count as newer than all that follow. */
  async #dateBack(lane: Lane, now: number): Promise<void> {
    if (this.#newestTaken[lane] > now + aheadMs) this.#newestTaken[lane] = 0;
    const ahead = await this.parts.database.sql.rows<{ id: number }>(
      `SELECT id FROM dispatch WHERE lane = ? AND publishedAt > ? LIMIT ${mostAtOnce}`,
      [lane, now + aheadMs],
    );
    if (ahead.length === 0) return;
    await this.parts.database.write((sql) =>
      sql.run(
        `UPDATE dispatch SET publishedAt = ? WHERE id IN (${idList(ahead.map(({ id }) => id))}) AND publishedAt > ?`,
        [now, now + aheadMs],
      ),
    );
  }

  /** Those that a worker has claimed meanwhile, or another relay has published again, stay as they are. */
  async #makeDue(lane: Lane, ids: readonly number[], now: number): Promise<void> {
    const { affected } = await this.parts.database.write((sql) =>
      sql.run(
        `UPDATE dispatch SET publishedAt = NULL
         WHERE id IN (${idList(ids)}) AND publishedAt < ? AND leaseUntil IS NULL`,
        [now - lostAfterMs],
      ),
    );
    if (affected > 0)
      this.parts.log.warn(
        { lane, dispatches: affected },
        'the queue no longer holds dispatches: they are published again',
      );
  }

  /** As many of the oldest as messages are too few. */
  async #missing(lane: Lane, now: number): Promise<number[]> {
    const { database, queue } = this.parts;
    const overtakenBefore = await this.#overtakenBefore(lane);
    if ((await this.#believed(lane, now, overtakenBefore)).waiting === 0) return [];
    const waiting = await queue.depth(lane);
    // counted after the broker has answered: what is taken in between is then counted by neither
    const believed = await this.#believed(lane, now, overtakenBefore);
    const tooFew = waiting === undefined ? 0 : believed.waiting - waiting;
    const atLeast = Math.min(mostAtOnce, Math.max(tooFew, believed.overtaken));
    if (atLeast <= 0) return [];
    const oldest = await database.sql.rows<{ id: number }>(
      `SELECT id ${believedWaiting} ORDER BY publishedAt, dueAt, id LIMIT ${atLeast}`,
      [lane, now - lostAfterMs],
    );
    return oldest.map((each) => each.id);
  }

  /** Rows of which messages should wait, and those among them that others have overtaken. */
  async #believed(
    lane: Lane,
    now: number,
    overtakenBefore: number,
  ): Promise<{ waiting: number; overtaken: number }> {
    const [row] = await this.parts.database.sql.rows<{ waiting: number; overtaken: number | null }>(
      `SELECT COUNT(*) AS waiting, SUM(publishedAt < ?) AS overtaken ${believedWaiting}`,
      [overtakenBefore, lane, now - lostAfterMs],
    );
    return { waiting: Number(row?.waiting ?? 0), overtaken: Number(row?.overtaken ?? 0) };
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
}
