import { setTimeout } from 'node:timers/promises';
import { completeIfSettled } from '../database/completeIfSettled';
import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import type { TransactionSql } from '../database/sql';
import type { Audience } from '../model/audience';
import { type Lane, lanes } from '../model/lane';
import type { Log } from '../observe/log';
import { type Expandable, type ExpandedPage, expandPage, type PageBounds, pageRules } from './expandPage';

/*
 * Room: audience. In: notifications whose time has come and whose audience is not yet expanded. Out: delivery and
 * dispatch rows, page by page, each page committed together with the cursor, so that any process can go on where
 * another was killed. May fail: the database; then the lease runs out and expansion resumes. Runs in workers.
 */

/** Subscriptions read and committed at a time: memory stays the same for ten people or ten million. */
const pageSize = 2_000;
/** Of a rare tag few are found, however many are looked at: so many make a transaction of some tens of milliseconds. */
const reach = 10_000;
const leaseMs = 15_000;
const idlePollMs = 250;

interface DueNotification {
  id: number;
  applicationId: number;
  audience: string;
  lane: Lane;
  expandCursor: number;
}

export interface Expander {
  stop(): Promise<void>;
}

interface ExpanderDeps {
  readonly database: Database;
  readonly log: Log;
  /** Told of each committed page, so that its dispatches can be published at once. */
  readonly onPage: () => void;
}

/** Each lane goes by itself: what is scheduled for named people does not wait until a broadcast is expanded. */
export function startExpander(parts: ExpanderDeps): Expander {
  const stopping = new AbortController();
  const running = lanes.map((lane) => expandLane(parts, lane, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function expandLane(parts: ExpanderDeps, lane: Lane, stopping: AbortSignal): Promise<void> {
  const pause = () => setTimeout(idlePollMs, undefined, { signal: stopping }).catch(() => undefined);
  while (!stopping.aborted) {
    try {
      const claimed = await claimNext(parts.database, lane, parts.database.now());
      if (claimed) await expandAll(parts, claimed, stopping);
      else await pause();
    } catch (error) {
      logFault(parts.log, error);
      await pause();
    }
  }
}

/** Takes the longest waiting notification of a lane, unless another process holds it. */
async function claimNext(database: Database, lane: Lane, now: number): Promise<DueNotification | undefined> {
  const due = `FROM notification WHERE expandDueAt <= ? AND lane = ?
    AND (expandLeaseUntil IS NULL OR expandLeaseUntil < ?) ORDER BY expandDueAt LIMIT 1`;
  const waiting = await database.sql.rows<{ id: number }>(`SELECT id ${due}`, [now, lane, now]);
  if (waiting.length === 0) return undefined;
  return database.sqlTransaction(async (sql) => {
    const [row] = await sql.rows<DueNotification>(
      `SELECT id, applicationId, audience, lane, expandCursor ${due} ${database.skipLocked}`,
      [now, lane, now],
    );
    if (!row) return undefined;
    sql.defer({
      text: `UPDATE notification SET expandLeaseUntil = ?, status = 'SENDING' WHERE id = ? AND status IN ('SCHEDULED', 'SENDING')`,
      values: [now + leaseMs, row.id],
    });
    return row;
  });
}

async function expandAll(parts: ExpanderDeps, due: DueNotification, stopping: AbortSignal): Promise<void> {
  const audience = JSON.parse(due.audience) as Audience;
  const notification = { id: due.id, applicationId: due.applicationId, lane: due.lane, audience };
  const { isSparse, staleBefore } = await pageRules(parts.database.sql, notification, parts.database.now());
  const bounds = { size: pageSize, reach: isSparse ? reach : undefined, staleBefore };
  let cursor: number | undefined = due.expandCursor;
  while (cursor !== undefined) {
    if (stopping.aborted) return releaseLease(parts.database, due.id);
    const page = await expandOnePage(parts.database, notification, {
      ...bounds,
      cursor,
      dueAt: parts.database.now(),
    });
    if (!page) return;
    if (page.dispatchIds.length > 0) parts.onPage();
    cursor = page.nextCursor;
  }
  parts.log.info({ notificationId: due.id }, 'audience expanded');
}

/** One page and the cursor behind it, together. Undefined: cancelled meanwhile, or another process went on. */
async function expandOnePage(
  database: Database,
  notification: Expandable,
  bounds: PageBounds,
): Promise<ExpandedPage | undefined> {
  return database.sqlTransaction(async (sql) => {
    // the row is locked first: nobody cancels or expands beside us until the page is committed
    const { affected } = await sql.run(
      `UPDATE notification SET expandLeaseUntil = ? WHERE id = ? AND expandCursor = ? AND expandDueAt IS NOT NULL AND status = 'SENDING'`,
      [bounds.dueAt + leaseMs, notification.id, bounds.cursor],
    );
    if (affected === 0) return undefined;
    const page = await expandPage(sql, notification, bounds);
    moveCursor(sql, notification.id, page, bounds.dueAt);
    return page;
  });
}

function moveCursor(sql: TransactionSql, id: number, page: ExpandedPage, now: number): void {
  if (page.nextCursor !== undefined) {
    sql.defer({
      text: 'UPDATE notification SET expandCursor = ?, targeted = targeted + ? WHERE id = ?',
      values: [page.nextCursor, page.targeted, id],
    });
    return;
  }
  const end =
    'UPDATE notification SET expandDueAt = NULL, expandLeaseUntil = NULL, targeted = targeted + ? WHERE id = ?';
  sql.defer({ text: end, values: [page.targeted, id] }, completeIfSettled(id, now));
}

async function releaseLease(database: Database, id: number): Promise<void> {
  await database.write((sql) =>
    sql.run('UPDATE notification SET expandLeaseUntil = NULL WHERE id = ?', [id]),
  );
}

function logFault(log: Log, error: unknown): void {
  if (isUnavailable(error)) log.warn('audience expansion waits for the database');
  else log.error({ err: error }, 'audience expansion failed');
}
