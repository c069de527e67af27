import type { Database } from '../database/openDatabase';
import { type Lane, lanes } from '../model/lane';

/** The dispatches of one lane, by what they wait for. */
export interface DispatchCounts {
  readonly lane: Lane;
  /** Due, and not in the queue yet. */
  readonly due: number;
  /** For later: retries and what a paused push service gave back. */
  readonly later: number;
  /** In the queue, waiting for a worker. */
  readonly queued: number;
  /** In a worker's hands. */
  readonly underWay: number;
  /** Given up after repeated crashes: somebody has to look. */
  readonly dead: number;
}

/** How much work waits where, one entry for each lane; of one application where it is given. */
export async function dispatchCounts(
  database: Database,
  now: number,
  applicationId?: number,
): Promise<DispatchCounts[]> {
  const own =
    applicationId === undefined
      ? ''
      : 'JOIN notification n ON n.id = d.notificationId AND n.applicationId = ?';
  const rows = await database.sql.rows<{ lane: Lane; state: string; size: number }>(
    `SELECT d.lane, CASE WHEN deadAt IS NOT NULL THEN 'dead' WHEN leaseUntil IS NOT NULL THEN 'underWay'
                       WHEN publishedAt IS NOT NULL THEN 'queued' WHEN dueAt > ? THEN 'later' ELSE 'due' END AS state,
            COUNT(*) AS size
     FROM dispatch d ${own} GROUP BY 1, 2`,
    applicationId === undefined ? [now] : [now, applicationId],
  );
  return lanes.map((lane) => {
    const size = (state: string) =>
      Number(rows.find((row) => row.lane === lane && row.state === state)?.size ?? 0);
    return {
      ...{ lane, due: size('due'), later: size('later'), queued: size('queued') },
      ...{ underWay: size('underWay'), dead: size('dead') },
    };
  });
}
