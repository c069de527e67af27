import { completeIfSettled } from '../database/completeIfSettled';
import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import type { TransactionSql } from '../database/sql';
import type { Audience } from '../model/audience';
import type { Lane } from '../model/lane';
import type { Log } from '../observe/log';
import { type ExpandedPage, expandPage } from './expandPage';

/*
 * Room: audience. In: notifications whose time has come and whose audience is not yet expanded. Out: delivery and
 * dispatch rows, page by page, each page committed together with the cursor, so that any process can go on where
 * another was killed. May fail: the database; then the lease runs out and expansion resumes. Runs in workers.
 */

/** Subscriptions read and committed at a time: memory stays the same for ten people or ten million. */
const pageSize = 2_000;
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
  /** Looks at once instead of at the next poll. */
  nudge(): void;
  stop(): Promise<void>;
}

/** @param onPage told of each committed page, so that its dispatches can be published at once */
export function startExpander(parts: {
  database: Database;
  log: Log;
  onPage: () => void;
  now?: () => number;
}): Expander {
  const now = parts.now ?? Date.now;
  let stopping = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idlePollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopping) {
      try {
        const claimed = await claimNext(parts.database, now());
        if (claimed) await expandAll(parts, claimed, now, () => stopping);
        else await pause();
      } catch (error) {
        logFault(parts.log, error);
        await pause();
      }
    }
  };
  const running = run();
  return {
    nudge: () => wake(),
    stop: async () => {
      stopping = true;
      wake();
      await running;
    },
  };
}

/** Takes the longest waiting notification, unless another process holds it. */
async function claimNext(database: Database, now: number): Promise<DueNotification | undefined> {
  const due = `FROM notification WHERE expandDueAt <= ? AND (expandLeaseUntil IS NULL OR expandLeaseUntil < ?) ORDER BY expandDueAt LIMIT 1`;
  const waiting = await database.sql.rows<{ id: number }>(`SELECT id ${due}`, [now, now]);
  if (waiting.length === 0) return undefined;
  return database.sqlTransaction(async (sql) => {
    const [row] = await sql.rows<DueNotification>(
      `SELECT id, applicationId, audience, lane, expandCursor ${due} ${database.skipLocked}`,
      [now, now],
    );
    if (!row) return undefined;
    sql.later({
      text: `UPDATE notification SET expandLeaseUntil = ?, status = 'SENDING' WHERE id = ? AND status IN ('SCHEDULED', 'SENDING')`,
      values: [now + leaseMs, row.id],
    });
    return row;
  });
}

async function expandAll(
  parts: { database: Database; onPage: () => void; log: Log },
  due: DueNotification,
  now: () => number,
  stopping: () => boolean,
): Promise<void> {
  const audience = JSON.parse(due.audience) as Audience;
  const notification = { id: due.id, applicationId: due.applicationId, lane: due.lane, audience };
  let cursor: number | undefined = due.expandCursor;
  while (cursor !== undefined) {
    if (stopping()) return releaseLease(parts.database, due.id);
    const page = await expandOnePage(parts.database, notification, cursor, now());
    if (!page) return;
    if (page.dispatchIds.length > 0) parts.onPage();
    cursor = page.nextCursor;
  }
  parts.log.info({ notificationId: due.id }, 'audience expanded');
}

/** One page and the cursor behind it, together. Undefined: cancelled meanwhile, or another process went on. */
async function expandOnePage(
  database: Database,
  notification: { id: number; applicationId: number; lane: Lane; audience: Audience },
  cursor: number,
  now: number,
): Promise<ExpandedPage | undefined> {
  return database.sqlTransaction(async (sql) => {
    // the row is locked first: nobody cancels or expands beside us until the page is committed
    const { affected } = await sql.run(
      `UPDATE notification SET expandLeaseUntil = ? WHERE id = ? AND expandCursor = ? AND expandDueAt IS NOT NULL AND status = 'SENDING'`,
      [now + leaseMs, notification.id, cursor],
    );
    if (affected === 0) return undefined;
    const page = await expandPage(sql, notification, {
      cursor,
      size: pageSize,
      dueAt: now,
    });
    moveCursor(sql, notification.id, page, now);
    return page;
  });
}

function moveCursor(sql: TransactionSql, id: number, page: ExpandedPage, now: number): void {
  if (page.nextCursor !== undefined) {
    sql.later({
      text: 'UPDATE notification SET expandCursor = ?, targeted = targeted + ? WHERE id = ?',
      values: [page.nextCursor, page.targeted, id],
    });
    return;
  }
  const end =
    'UPDATE notification SET expandDueAt = NULL, expandLeaseUntil = NULL, targeted = targeted + ? WHERE id = ?';
  sql.later({ text: end, values: [page.targeted, id] }, completeIfSettled(id, now));
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
