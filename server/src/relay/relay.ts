import { countDeath } from '../database/countDeath';
import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { type Lane, lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { DispatchMessage, DispatchQueue } from '../queue/dispatchQueue';
import { LeaseGrace } from './leaseGrace';
import { markUnpublished } from './markUnpublished';
import { moveWithClock } from './moveWithClock';
import { Recovery } from './recovery';
import { type WatchedDatabase, watchDatabase } from './watchDatabase';

/*
 * Room: relay. In: dispatch rows that are due. Out: their references in the queue. The database decides what is to be
 * done; the relay makes the queue agree with it, also after a broker lost everything or a worker died. May fail: queue
 * or database; then rows stay due and the next round tries again. Publishing twice is harmless: a dispatch is claimed.
 */

export interface Relay {
  /** Publishes fresh dispatches, whose rows already say so, right after their commit. */
  publishNow(lane: Lane, messages: readonly DispatchMessage[]): Promise<number>;
  /** Looks at once instead of at the next poll. */
  nudge(): void;
  stop(): Promise<void>;
}

export interface RelayDeps {
  readonly database: Database;
  readonly queue: DispatchQueue;
  readonly log: Log;
  readonly now?: () => number;
  /** Milliseconds by a clock that is never set. */
  readonly monotonicNow?: () => number;
  /** True when no other process can hold work: whatever is marked as held is left over from a crash. */
  readonly soleProcess: boolean;
  /** False in processes that only accept: workers do the polling. */
  readonly poll: boolean;
}

const pollMs = 200;
const batchSize = 200;
/** With so many messages waiting, further bulk dispatches stay in the database. */
const maxDepth = 2_000;

interface PublishDeps {
  readonly database: WatchedDatabase;
  readonly queue: DispatchQueue;
}

interface DispatchRow {
  id: number;
  notificationId: number;
}

export async function startRelay(parts: RelayDeps): Promise<Relay> {
  if (parts.soleProcess) {
    await resetLeases(parts.database);
  }
  const endMoving = parts.soleProcess ? moveWithClock(parts.database, parts.log) : undefined;
  const loops = parts.poll ? startLoops(parts) : [];
  return {
    publishNow: (lane, messages) => publish(parts, lane, messages),
    nudge: () => {
      for (const loop of loops) loop.nudge();
    },
    stop: async () => {
      endMoving?.();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** Each goes by itself: a queue that confirms nothing holds up its own lane alone. */
function startLoops(parts: RelayDeps): Loop[] {
  const now = parts.now ?? parts.database.now;
  const elapsed = parts.monotonicNow ?? (() => performance.now());
  const grace = new LeaseGrace(elapsed);
  const watched = { ...parts, database: watchDatabase(parts.database, grace, elapsed), grace, elapsed };
  parts.database.clock.onStep(() => grace.clockStepped());
  const recovery = new Recovery(watched, now);
  const recover = () => recovery.runIfDue().then(() => false);
  return [
    startLoop(parts.log, recover),
    ...lanes.map((lane) => startLoop(parts.log, () => publishDue(watched, lane, now()))),
  ];
}

interface Loop {
  nudge(): void;
  /** Resolves when the round at hand is done. */
  stop(): Promise<void>;
}

/** @param round says whether there may be more to do at once */
function startLoop(log: Log, round: () => Promise<boolean>): Loop {
  let stopping = false;
  let nudged = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, nudged ? 0 : pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopping) {
      nudged = false;
      const more = await round().catch((error: unknown) => logFault(log, error));
      if (!more && !stopping) await pause();
    }
  };
  const running = run();
  return {
    nudge: () => {
      nudged = true;
      wake();
    },
    stop: async () => {
      stopping = true;
      wake();
      await running;
    },
  };
}

/**
 * Moves a batch of due rows to the queue, unless that is full enough.
 * @returns whether it was a whole batch, so that there may be more
 */
async function publishDue(parts: PublishDeps, lane: Lane, now: number): Promise<boolean> {
  const { database, queue } = parts;
  if (!queue.connected || queue.blocked) return false;
  if (lane === 'bulk' && ((await queue.depth(lane)) ?? 0) >= maxDepth) return false;
  const due = await claimDue(database, lane, now);
  if (due.length === 0) return false;
  const held = await publish(parts, lane, due.map(toMessage));
  return held === batchSize;
}

async function claimDue(database: WatchedDatabase, lane: Lane, now: number): Promise<DispatchRow[]> {
  const due = 'FROM dispatch WHERE lane = ? AND publishedAt IS NULL AND dueAt <= ? AND deadAt IS NULL';
  const waiting = await database.sql.rows(`SELECT id ${due} LIMIT 1`, [lane, now]);
  if (waiting.length === 0) return [];
  return database.sqlTransaction(async (sql) => {
    const rows = await sql.rows<DispatchRow>(
      `SELECT id, notificationId ${due} ORDER BY dueAt LIMIT ${batchSize} ${database.skipLocked}`,
      [lane, now],
    );
    if (rows.length > 0) {
      sql.defer({
        text: `UPDATE dispatch SET publishedAt = ? WHERE id IN (${idList(rows.map((row) => row.id))})`,
        values: [now],
      });
    }
    return rows;
  });
}

/** @returns how many the queue holds for certain; the rows of the others are due again */
async function publish(
  parts: PublishDeps,
  lane: Lane,
  messages: readonly DispatchMessage[],
): Promise<number> {
  const held = new Set((await parts.queue.publish(lane, messages)).map((message) => message.dispatchId));
  const missing = messages.map((message) => message.dispatchId).filter((id) => !held.has(id));
  if (missing.length > 0) await markUnpublished(parts.database, missing);
  return held.size;
}

/** One process and no other: at its start nothing can be in anybody's hands. */
async function resetLeases(database: Database): Promise<void> {
  await database.write(async (sql) => {
    await sql.run(
      `UPDATE dispatch SET ${countDeath}, claims = claims - (leaseUntil IS NOT NULL), publishedAt = NULL,
         leaseOwner = NULL, leaseUntil = NULL WHERE publishedAt IS NOT NULL OR leaseUntil IS NOT NULL`,
    );
    await sql.run('UPDATE notification SET expandLeaseUntil = NULL WHERE expandLeaseUntil IS NOT NULL');
  });
}

function toMessage(row: DispatchRow): DispatchMessage {
  return { dispatchId: row.id, notificationId: row.notificationId };
}

function logFault(log: Log, error: unknown): false {
  if (isUnavailable(error)) log.warn('the relay waits for the database');
  else log.error({ err: error }, 'the relay failed a round');
  return false;
}
