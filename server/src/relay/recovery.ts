import { countDeath } from '../database/countDeath';
import { idList } from '../database/sql';
import { standstillMs } from '../model/deadline';
import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';
import type { LeaseGrace } from './leaseGrace';
import { LostMessages } from './lostMessages';
import type { WatchedDatabase } from './watchDatabase';

interface RecoveryDeps {
  readonly database: WatchedDatabase;
  readonly grace: Pick<LeaseGrace, 'isOver' | 'stoodStill'>;
  readonly queue: DispatchQueue;
  readonly log: Log;
  /** Milliseconds by a clock that is never set. */
  readonly elapsed: () => number;
}

const everyMs = 2_000;
const lookAtDeadLettersEveryMs = 30_000;

/** Finds what died with a worker, what died with the broker, and what was set aside for long enough. */
export class Recovery {
  #dueAt = 0;
  #lookedAt = performance.now();
  #deadLettersAt = Number.NEGATIVE_INFINITY;
  #deadLetters = 0;
  readonly #lost: LostMessages;

  constructor(
    private readonly parts: RecoveryDeps,
    private readonly now: () => number,
  ) {
    this.#lost = new LostMessages(parts);
  }

  /** To be called several times a second. One round every two seconds; what fails is tried again in the next. */
  async runIfDue(): Promise<void> {
    if (performance.now() - this.#lookedAt > standstillMs) this.parts.grace.stoodStill();
    try {
      await this.#runIfDue();
    } finally {
      this.#lookedAt = performance.now();
    }
  }

  async #runIfDue(): Promise<void> {
    // a clock that is set back must not hold this up
    if (performance.now() < this.#dueAt) return;
    this.#dueAt = performance.now() + everyMs;
    await this.#run(this.now());
  }

  async #run(now: number): Promise<void> {
    if (this.parts.grace.isOver) await releaseExpiredLeases(this.parts, now);
    await reviveDead(this.parts.database, now);
    await this.#lost.find(now);
    await this.#watchDeadLetters();
  }

  /** Somebody has to look at dead letters: one line for each time they have grown. */
  async #watchDeadLetters(): Promise<void> {
    const now = this.parts.elapsed();
    if (now < this.#deadLettersAt) return;
    this.#deadLettersAt = now + lookAtDeadLettersEveryMs;
    const deadLetters = await this.parts.queue.deadLetters();
    if (deadLetters === undefined) return;
    if (deadLetters > this.#deadLetters) {
      this.parts.log.error(
        { deadLetters },
        'messages were given up: they were malformed, or their handling kept failing',
      );
    }
    this.#deadLetters = deadLetters;
  }
}

async function releaseExpiredLeases({ database, log }: RecoveryDeps, now: number): Promise<void> {
  const expired = await database.sql.rows<{ id: number }>(
    'SELECT id FROM dispatch WHERE leaseUntil < ? LIMIT 1000',
    [now],
  );
  if (expired.length === 0) return;
  const { affected } = await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET ${countDeath}, claims = claims - 1, leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL
       WHERE id IN (${idList(expired.map((row) => row.id))}) AND COALESCE(leaseUntil, ?) < ?`,
      [now, now],
    ),
  );
  if (affected > 0) log.warn({ dispatches: affected }, 'leases ran out: dispatches are published again');
}

/**
 * A dispatch that was set aside is tried again when it is due. When its time has run out or its notification is
 * cancelled, a worker settles it without sending.
 */
async function reviveDead(database: WatchedDatabase, now: number): Promise<void> {
  const rows = await database.sql.rows<{ id: number; isOver: number }>(
    `SELECT d.id, (n.deadlineAt < ? OR n.status = 'CANCELLED') AS isOver
     FROM dispatch d JOIN notification n ON n.id = d.notificationId
     WHERE d.deadAt IS NOT NULL AND (d.dueAt <= ? OR n.deadlineAt < ? OR n.status = 'CANCELLED') LIMIT 1000`,
    [now, now, now],
  );
  const revive = async (revived: readonly { id: number }[], more: string) => {
    if (revived.length === 0) return;
    const ids = idList(revived.map(({ id }) => id));
    await database.write((sql) =>
      sql.run(
        `UPDATE dispatch SET deadAt = NULL, publishedAt = NULL, dueAt = ? ${more}
         WHERE id IN (${ids}) AND deadAt IS NOT NULL`,
        [now],
      ),
    );
  };
  // the count of failures stays, so that one more sets it aside for twice as long
  await revive(
    rows.filter(({ isOver }) => !isOver),
    '',
  );
  await revive(
    rows.filter(({ isOver }) => isOver),
    ', deadReason = NULL, claims = 0',
  );
}
