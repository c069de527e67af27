import { completeIfSettled } from '../database/completeIfSettled';
import { countOutcomes, type OutcomeCount } from '../database/countOutcomes';
import type { Database, Transaction } from '../database/openDatabase';
import { idList, type SqlValue } from '../database/sql';
import { deliveryStatusCode, type TerminalStatus, terminalStatuses } from '../model/deliveryStatus';
import type { NotificationStatus } from '../model/notificationStatus';
import { type ClaimedDispatch, type SetBack, setBackAssignments } from './claimDispatch';
import { retryChunks } from './retryChunks';
import type { Settlement } from './settlement';

/**
 * Writes everything that came of a dispatch in one transaction: statuses, failed attempts, retry dispatches, retired
 * subscriptions, the notification's counters, and the end of the dispatch itself. Only deliveries that still carry
 * the dispatch's id change, so recording twice counts once.
 * @param setBackTo set when some deliveries could be neither ended nor moved: the dispatch stays, for those
 */
export async function recordSettlements(
  database: Database,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
  now: number,
  setBackTo?: SetBack,
): Promise<void> {
  await database.transaction(async (tx) => {
    const outcomes = await endDeliveries(tx, dispatch, settlements);
    const retryDispatchIds = await moveDeliveries(tx, dispatch, settlements, now);
    await insertAttempts(tx, database.kind, dispatch, settlements);
    await retireSubscriptions(tx, settlements, now);
    await endDispatch(tx, dispatch.id, setBackTo);
    const { id: spread, notificationId } = dispatch;
    await countOutcomes(tx, database.kind, { notificationId, spread, at: now, outcomes });
    // last, because every worker on this notification waits for the one row
    await addToCounters(tx, notificationId, outcomes);
    await hastenIfCancelled(tx, database.kind, notificationId, retryDispatchIds, now);
    await completeIfSettled(tx.sql, notificationId, now);
  });
}

async function endDispatch(
  tx: Transaction,
  dispatchId: number,
  setBackTo: SetBack | undefined,
): Promise<void> {
  if (!setBackTo) {
    await tx.sql.run('DELETE FROM dispatch WHERE id = ?', [dispatchId]);
    return;
  }
  const { text, values } = setBackAssignments(setBackTo);
  await tx.sql.run(`UPDATE dispatch SET ${text} WHERE id = ?`, [...values, dispatchId]);
}

type Ending = Settlement & { readonly next: { readonly status: TerminalStatus } };
type Move = Settlement & { readonly next: { readonly dueAt: number } };

const isEnding = (settlement: Settlement): settlement is Ending => 'status' in settlement.next;
const isMove = (settlement: Settlement): settlement is Move => 'dueAt' in settlement.next;

/** One UPDATE for all deliveries that ended alike: in a healthy dispatch that is one for all 500. */
async function endDeliveries(
  tx: Transaction,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
): Promise<OutcomeCount[]> {
  const outcomes: OutcomeCount[] = [];
  const alike = groupBy(settlements.filter(isEnding), (each) =>
    [each.next.status, each.httpStatus, each.reason, each.attempted].join(' '),
  );
  for (const group of alike) {
    const [{ next, reason, attempted, httpStatus }] = group;
    const at = Math.max(...group.map((each) => each.at));
    const affected = await updateDeliveries(tx, dispatch, group, {
      assignments: `status = ?, acceptedAt = ?, ${outcomeColumns(attempted)}`,
      values: [
        deliveryStatusCode(next.status),
        next.status === 'ACCEPTED' ? at : null,
        ...outcomeValues(attempted, httpStatus, reason),
      ],
    });
    outcomes.push({ pushService: dispatch.pushService, status: next.status, reason, deliveries: affected });
  }
  return outcomes;
}

/** @returns the ids of the dispatches that will try them again */
async function moveDeliveries(
  tx: Transaction,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
  now: number,
): Promise<number[]> {
  const dispatchIds: number[] = [];
  for (const chunk of retryChunks(settlements.filter(isMove), now)) {
    const dispatchId = await insertRetryDispatch(tx, dispatch, chunk);
    dispatchIds.push(dispatchId);
    const alike = groupBy(chunk, (each) => [each.httpStatus, each.reason, each.attempted].join(' '));
    for (const group of alike) {
      const [{ reason, attempted, httpStatus }] = group;
      await updateDeliveries(tx, dispatch, group, {
        assignments: `dispatchId = ?, ${outcomeColumns(attempted)}`,
        values: [dispatchId, ...outcomeValues(attempted, httpStatus, reason)],
      });
    }
  }
  return dispatchIds;
}

/**
 * A notification that was cancelled while its POSTs were under way does not wait for retries that will not be made.
 * The row stays locked until the commit: a cancellation that comes now finds the retries.
 */
async function hastenIfCancelled(
  tx: Transaction,
  kind: Database['kind'],
  notificationId: number,
  dispatchIds: readonly number[],
  now: number,
): Promise<void> {
  if (dispatchIds.length === 0) return;
  const lock = kind === 'mysql' ? 'FOR UPDATE' : '';
  const [notification] = await tx.sql.rows<{ status: NotificationStatus }>(
    `SELECT status FROM notification WHERE id = ? ${lock}`,
    [notificationId],
  );
  if (notification?.status !== 'CANCELLED') return;
  await tx.sql.run(`UPDATE dispatch SET dueAt = ? WHERE id IN (${idList(dispatchIds)})`, [now]);
}

/** A delivery that was not tried keeps what its latest attempt said. */
function outcomeColumns(attempted: boolean): string {
  return attempted ? 'attempts = attempts + 1, httpStatus = ?, reason = ?' : 'reason = COALESCE(?, reason)';
}

function outcomeValues(attempted: boolean, httpStatus: number | undefined, reason: string): SqlValue[] {
  if (attempted) return [httpStatus ?? null, reason];
  return [reason === 'deferred' ? null : reason];
}

async function updateDeliveries(
  tx: Transaction,
  dispatch: ClaimedDispatch,
  group: readonly Settlement[],
  change: { assignments: string; values: SqlValue[] },
): Promise<number> {
  const ids = idList(group.map((each) => each.subscriptionId));
  const { affected } = await tx.sql.run(
    `UPDATE delivery SET ${change.assignments}
     WHERE notificationId = ? AND subscriptionId IN (${ids}) AND dispatchId = ? AND status = 0`,
    [...change.values, dispatch.notificationId, dispatch.id],
  );
  return affected;
}

async function insertRetryDispatch(
  tx: Transaction,
  parent: ClaimedDispatch,
  chunk: readonly Move[],
): Promise<number> {
  const ids = chunk.map((each) => each.subscriptionId);
  const { insertId } = await tx.sql.run(
    `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [
      parent.notificationId,
      parent.lane,
      parent.pushService,
      Math.min(...ids),
      Math.max(...ids),
      Math.max(...chunk.map((each) => each.next.dueAt)),
    ],
  );
  return insertId;
}

/** Every POST that was not an accept leaves a row. */
async function insertAttempts(
  tx: Transaction,
  kind: Database['kind'],
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
): Promise<void> {
  const failed = settlements.filter(
    (each) => each.attempted && !(isEnding(each) && each.next.status === 'ACCEPTED'),
  );
  if (failed.length === 0) return;
  const ignore = kind === 'mysql' ? 'IGNORE' : 'OR IGNORE';
  const values: SqlValue[] = failed.flatMap((each) => [
    dispatch.notificationId,
    each.subscriptionId,
    each.attempt,
    each.at,
    each.httpStatus ?? null,
    each.reason,
  ]);
  await tx.sql.run(
    `INSERT ${ignore} INTO attempt (notificationId, subscriptionId, attempt, at, httpStatus, reason)
     VALUES ${failed.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')}`,
    values,
  );
}

/** By compare-and-set: a browser that subscribed anew in the meantime has a newer version and is spared. */
async function retireSubscriptions(
  tx: Transaction,
  settlements: readonly Settlement[],
  now: number,
): Promise<void> {
  const ending = settlements.filter((each) => each.retiresVersion !== undefined);
  if (ending.length === 0) return;
  const pairs = ending.map(
    (each) => `(id = ${idList([each.subscriptionId])} AND version = ${Number(each.retiresVersion)})`,
  );
  await tx.sql.run(
    `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'gone' WHERE retiredAt IS NULL AND (${pairs.join(' OR ')})`,
    [now],
  );
}

async function addToCounters(
  tx: Transaction,
  notificationId: number,
  outcomes: readonly OutcomeCount[],
): Promise<void> {
  const counts = new Map<TerminalStatus, number>();
  for (const { status, deliveries } of outcomes) counts.set(status, (counts.get(status) ?? 0) + deliveries);
  const grown = terminalStatuses.filter((status) => (counts.get(status) ?? 0) > 0);
  if (grown.length === 0) return;
  const assignments = grown.map((status) => `${status.toLowerCase()} = ${status.toLowerCase()} + ?`);
  await tx.sql.run(`UPDATE notification SET ${assignments.join(', ')} WHERE id = ?`, [
    ...grown.map((status) => counts.get(status) ?? 0),
    notificationId,
  ]);
}

function groupBy<Each>(items: readonly Each[], keyOf: (item: Each) => string): [Each, ...Each[]][] {
  const groups = new Map<string, [Each, ...Each[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
