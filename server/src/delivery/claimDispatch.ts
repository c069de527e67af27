import type { Database } from '../database/openDatabase';
import type { SqlValue } from '../database/sql';
import type { NotificationStatus } from '../model/notificationStatus';

/** A dispatch in this worker's hands, with what decides whether its deliveries may still be sent. */
export interface ClaimedDispatch {
  readonly id: number;
  readonly notificationId: number;
  readonly pushService: string;
  readonly lane: 'transactional' | 'bulk';
  readonly firstSubscriptionId: number;
  readonly lastSubscriptionId: number;
  /** How often it was taken before it was finished, this time included. */
  readonly claims: number;
  /** Why the last worker that took it could not finish it, where it lived to say so. */
  readonly lastFailure: string | null;
  readonly status: NotificationStatus;
  /** Milliseconds since 1970, after which nothing is sent. */
  readonly deadlineAt: number;
}

/** Clocks of two machines may differ by this much before a dispatch counts as not yet due. */
const clockSkewMs = 2_000;

/**
 * Takes a dispatch for this worker until `leaseUntil`. Undefined when it is finished, dead, not yet due, or in
 * another worker's hands: then its message has nothing left to do.
 */
export async function claimDispatch(
  database: Database,
  dispatchId: number,
  lease: { owner: string; until: number },
  now: number,
): Promise<ClaimedDispatch | undefined> {
  // COALESCE keeps MySQL from the index on leaseUntil, where it would lock other workers' rows and deadlock with them
  const { affected } = await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET leaseOwner = ?, leaseUntil = ?, claims = claims + 1
       WHERE id = ? AND dueAt <= ? AND deadAt IS NULL AND COALESCE(leaseUntil, 0) < ?`,
      [lease.owner, lease.until, dispatchId, now + clockSkewMs, now],
    ),
  );
  if (affected === 0) return undefined;
  const [row] = await database.sql.rows<ClaimedDispatch>(
    `SELECT d.id, d.notificationId, d.pushService, d.lane, d.firstSubscriptionId, d.lastSubscriptionId, d.claims,
            d.deadReason AS lastFailure, n.status, n.deadlineAt
     FROM dispatch d JOIN notification n ON n.id = d.notificationId WHERE d.id = ?`,
    [dispatchId],
  );
  return row;
}

/** Gives a dispatch back untried, for example because its push service is paused until `dueAt`. */
export async function deferDispatch(
  database: Database,
  dispatchId: number,
  owner: string,
  dueAt: number,
): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL, claims = claims - 1, dueAt = ?
       WHERE id = ? AND leaseOwner = ?`,
      [dueAt, dispatchId, owner],
    ),
  );
}

/** When a dispatch that got stuck is tried again, and why it got stuck, without secrets. */
export interface SetBack {
  readonly dueAt: number;
  readonly reason: string;
}

/** What a dispatch that was set back looks like. */
export function setBackAssignments({ dueAt, reason }: SetBack): { text: string; values: SqlValue[] } {
  return {
    text: 'leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL, dueAt = ?, deadReason = ?',
    values: [dueAt, reason.slice(0, 120)],
  };
}

/** Gives a dispatch back that got stuck in this worker's hands; it counts as begun. */
export async function setBackDispatch(
  database: Database,
  dispatchId: number,
  owner: string,
  to: SetBack,
): Promise<void> {
  const { text, values } = setBackAssignments(to);
  await database.write((sql) =>
    sql.run(`UPDATE dispatch SET ${text} WHERE id = ? AND leaseOwner = ?`, [...values, dispatchId, owner]),
  );
}

/** Takes a dispatch that no worker could finish out of circulation; `reason` says why, without secrets. */
export async function buryDispatch(
  database: Database,
  dispatchId: number,
  reason: string,
  now: number,
): Promise<void> {
  await database.write((sql) =>
    sql.run(
      'UPDATE dispatch SET deadAt = ?, deadReason = ?, leaseOwner = NULL, leaseUntil = NULL WHERE id = ?',
      [now, reason.slice(0, 200), dispatchId],
    ),
  );
}
