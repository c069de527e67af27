import { deathsOfSuspect } from '../../database/countDeath';
import type { Database } from '../../database/openDatabase';
import { type Lane, lanes } from '../../model/lane';

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
  /** Set aside after ten failures, until they are due again. */
  readonly dead: number;
  /** Of all of these, those whose worker died three times: they are sent alone. */
  readonly suspect: number;
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
  const rows = await database.sql.rows<{ lane: Lane; state: string; size: number; suspects: number }>(
    `SELECT d.lane, SUM(d.deaths >= ${deathsOfSuspect}) AS suspects, CASE WHEN deadAt IS NOT NULL THEN 'dead' WHEN leaseUntil IS NOT NULL THEN 'underWay'
                       WHEN publishedAt IS NOT NULL THEN 'queued' WHEN dueAt > ? THEN 'later' ELSE 'due' END AS state,
            COUNT(*) AS size
     FROM dispatch d ${own} GROUP BY d.lane, state`,
    applicationId === undefined ? [now] : [now, applicationId],
  );
  return lanes.map((lane) => {
    const size = (state: string) =>
      Number(rows.find((row) => row.lane === lane && row.state === state)?.size ?? 0);
    const suspects = rows.map((row) => (row.lane === lane ? Number(row.suspects) : 0));
    return {
      suspect: suspects.reduce((sum, each) => sum + each, 0),
      ...{ lane, due: size('due'), later: size('later'), queued: size('queued') },
      ...{ underWay: size('underWay'), dead: size('dead') },
    };
  });
}
