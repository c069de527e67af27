import type { Database } from '../../database/openDatabase';
import { cancelNotification } from './cancelNotification';

const pageRows = 200;
/** Until every process has looked a key up again, and what it had begun to accept has been stored. */
const settleMs = 3_500;
/** A request that was admitted before may wait as long for the database, and store what it brought. */
const latestStoreMs = 35_000;

/** Whose notifications: all of an application that is stopped, or those of one of its keys. */
export interface Senders {
  readonly applicationId: number;
  readonly apiKeyId?: number | undefined;
}

/**
 * Cancels every notification that is scheduled or being sent. Then it waits until no process accepts anything from
 * these senders, which must have been refused before, and cancels what came in the meantime; once more later, for a
 * request that was kept waiting. Safe to run again.
 */
export async function cancelUnfinished(
  parts: { database: Database; settleMs?: number },
  senders: Senders,
): Promise<number> {
  const cancelled = await cancelAll(parts.database, senders);
  await new Promise((resolve) => setTimeout(resolve, parts.settleMs ?? settleMs));
  // a database that is away is not asked again: then nothing was stored either
  const again = () => cancelAll(parts.database, senders).catch(() => undefined);
  setTimeout(again, latestStoreMs).unref();
  return cancelled + (await cancelAll(parts.database, senders));
}

async function cancelAll(database: Database, { applicationId, apiKeyId }: Senders): Promise<number> {
  let cancelled = 0;
  // an application that was resumed meanwhile may send again
  const isRefused =
    apiKeyId === undefined
      ? 'applicationId IN (SELECT id FROM application WHERE stoppedAt IS NOT NULL)'
      : 'apiKeyId = ?';
  for (let after = 0; ; ) {
    const rows = await database.sql.rows<{ id: number }>(
      `SELECT id FROM notification
       WHERE applicationId = ? AND status IN ('SCHEDULED', 'SENDING') AND id > ?
         AND ${isRefused}
       ORDER BY id LIMIT ${pageRows}`,
      [applicationId, after, ...(apiKeyId === undefined ? [] : [apiKeyId])],
    );
    const last = rows.at(-1);
    if (!last) return cancelled;
    for (const { id } of rows) await cancelNotification({ database }, Number(id));
    cancelled += rows.length;
    after = Number(last.id);
  }
}
