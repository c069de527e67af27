import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { type Lane, lanes } from '../model/lane';
import type { Log } from '../observe/log';
import type { DispatchMessage, DispatchQueue } from '../queue/dispatchQueue';

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

export interface RelayParts {
  readonly database: Database;
  readonly queue: DispatchQueue;
  readonly log: Log;
  readonly now?: () => number;
  /** True when no other process can hold work: whatever is marked as held is left over from a crash. */
  readonly soleProcess: boolean;
  /** False in processes that only accept: workers do the polling. */
  readonly poll: boolean;
}

const pollMs = 200;
const recoverEveryMs = 2_000;
const batchSize = 200;
/** With so many messages waiting, further bulk dispatches stay in the database. */
const maxDepth = 2_000;
/** A message that was published so long ago and is neither waiting nor leased is looked for. */
const lostAfterMs = 10_000;

interface DispatchRow {
  id: number;
  notificationId: number;
}

export async function startRelay(parts: RelayParts): Promise<Relay> {
  if (parts.soleProcess) await takeEverythingBack(parts.database);
  const loop = parts.poll ? startLoop(parts) : undefined;
  return {
    publishNow: (lane, messages) => publish(parts, lane, messages),
    nudge: () => loop?.nudge(),
    stop: async () => loop?.stop(),
  };
}

function startLoop(parts: RelayParts): { nudge(): void; stop(): Promise<void> } {
  const now = parts.now ?? Date.now;
  let stopping = false;
  let nudged = false;
  let wake = () => {};
  let recoverAt = 0;
  const round = async () => {
    if (now() >= recoverAt) {
      recoverAt = now() + recoverEveryMs;
      await recover(parts, now());
    }
    for (const lane of lanes) await publishDue(parts, lane, now());
  };
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
      await round().catch((error: unknown) => logFault(parts.log, error));
      await pause();
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

/** Moves due rows to the queue, batch by batch, until none is due or the queue is full enough. */
async function publishDue(parts: RelayParts, lane: Lane, now: number): Promise<void> {
  const { database, queue } = parts;
  while (queue.connected && !queue.blocked) {
    if (lane === 'bulk' && ((await queue.depth(lane)) ?? 0) >= maxDepth) return;
    const due = await claimDue(database, lane, now);
    if (due.length === 0) return;
    const held = await publish(parts, lane, due.map(toMessage));
    if (held < due.length || due.length < batchSize) return;
  }
}

async function claimDue(database: Database, lane: Lane, now: number): Promise<DispatchRow[]> {
  const due = 'FROM dispatch WHERE lane = ? AND publishedAt IS NULL AND dueAt <= ? AND deadAt IS NULL';
  const waiting = await database.sql.rows(`SELECT id ${due} LIMIT 1`, [lane, now]);
  if (waiting.length === 0) return [];
  return database.transaction(async (tx) => {
    const rows = await tx.sql.rows<DispatchRow>(
      `SELECT id, notificationId ${due} ORDER BY dueAt LIMIT ${batchSize} ${database.skipLocked}`,
      [lane, now],
    );
    if (rows.length > 0) {
      await tx.sql.run(
        `UPDATE dispatch SET publishedAt = ? WHERE id IN (${idList(rows.map((row) => row.id))})`,
        [now],
      );
    }
    return rows;
  });
}

/** @returns how many the queue holds for certain; the rows of the others are due again */
async function publish(parts: RelayParts, lane: Lane, messages: readonly DispatchMessage[]): Promise<number> {
  const held = new Set((await parts.queue.publish(lane, messages)).map((message) => message.dispatchId));
  const missing = messages.map((message) => message.dispatchId).filter((id) => !held.has(id));
  if (missing.length > 0) await markUnpublished(parts.database, missing);
  return held.size;
}

async function markUnpublished(database: Database, ids: readonly number[]): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET publishedAt = NULL WHERE id IN (${idList(ids)}) AND COALESCE(leaseUntil, 0) = 0`,
    ),
  );
}

/** Finds what died with a worker, what died with the broker, and what was set aside and has run out of time. */
async function recover(parts: RelayParts, now: number): Promise<void> {
  await releaseExpiredLeases(parts, now);
  await reviveExpired(parts.database, now);
  for (const lane of lanes) await findLost(parts, lane, now);
}

async function releaseExpiredLeases({ database, log }: RelayParts, now: number): Promise<void> {
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

/** A dispatch that was set aside stays so until its time has run out; then a worker settles it without sending. */
async function reviveExpired(database: Database, now: number): Promise<void> {
  const expired = await database.sql.rows<{ id: number }>(
    `SELECT d.id FROM dispatch d JOIN notification n ON n.id = d.notificationId
     WHERE d.deadAt IS NOT NULL AND n.deadlineAt < ? LIMIT 1000`,
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
 * Rows say published, but fewer messages wait than rows: the oldest of them are due again. A broker that came back
 * empty is made good in this way, and so is a crash between marking rows and publishing them.
 */
async function findLost({ database, queue, log }: RelayParts, lane: Lane, now: number): Promise<void> {
  const published =
    'FROM dispatch WHERE lane = ? AND publishedAt < ? AND leaseUntil IS NULL AND deadAt IS NULL';
  const values = [lane, now - lostAfterMs];
  const [row] = await database.sql.rows<{ believed: number }>(
    `SELECT COUNT(*) AS believed ${published}`,
    values,
  );
  const believed = Number(row?.believed ?? 0);
  if (believed === 0) return;
  const depth = await queue.depth(lane);
  if (depth === undefined || believed <= depth) return;
  const lost = await database.sql.rows<{ id: number }>(
    `SELECT id ${published} ORDER BY publishedAt LIMIT ${Math.min(1000, believed - depth)}`,
    values,
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

/** One process and no other: at its start nothing can be in anybody's hands. */
async function takeEverythingBack(database: Database): Promise<void> {
  await database.write(async (sql) => {
    await sql.run(
      'UPDATE dispatch SET publishedAt = NULL, leaseOwner = NULL, leaseUntil = NULL WHERE publishedAt IS NOT NULL OR leaseUntil IS NOT NULL',
    );
    await sql.run('UPDATE notification SET expandLeaseUntil = NULL WHERE expandLeaseUntil IS NOT NULL');
  });
}

function toMessage(row: DispatchRow): DispatchMessage {
  return { dispatchId: row.id, notificationId: row.notificationId };
}

function logFault(log: Log, error: unknown): void {
  if (isUnavailable(error)) log.warn('the relay waits for the database');
  else log.error({ err: error }, 'the relay failed a round');
}
