import { completeIfSettled } from '../database/completeIfSettled';
import { countOutcomes, type OutcomeCount } from '../database/counts/countOutcomes';
import { countJustRetired } from '../database/counts/countSubscriptions';
import type { Database } from '../database/openDatabase';
import { idList, type Sql, type SqlValue, type Statement, type TransactionSql } from '../database/sql';
import { deliveryStatusCode, type TerminalStatus, terminalStatuses } from '../model/deliveryStatus';
import type { NotificationStatus } from '../model/notificationStatus';
import { type ClaimedDispatch, type HeldBy, type SetBack, setBack } from './claimDispatch';
import { retryChunks } from './outcome/retryChunks';
import { isAccepted, isFruitless, type Settlement } from './outcome/settlement';

/**
 * Writes everything that came of a dispatch in one transaction: statuses, failed attempts, retry dispatches, retired
 * subscriptions, the notification's counters, and the end of the dispatch itself. Only deliveries that still carry
 * the dispatch's id change, so recording twice counts once. When another worker has the dispatch by now, only what has ended
 * is written: what goes on is that worker's.
 * @param setBackTo set when some deliveries could be neither ended nor moved: the dispatch stays, for those
 */
export async function recordSettlements(
  database: Database,
  dispatch: ClaimedDispatch,
  allSettlements: readonly Settlement[],
  now: number,
  setBackTo?: SetBack,
): Promise<void> {
  const { id: spread, notificationId, lane } = dispatch;
  await database.sqlTransaction(async (sql) => {
    const isOurs = !allSettlements.some(isMove) || (await isStillHeld(sql, database.kind, dispatch));
    const settlements = isOurs ? allSettlements : allSettlements.filter(isEnding);
    const outcomes = await endDeliveries(sql, dispatch, settlements);
    const retryDispatchIds = await moveDeliveries(sql, dispatch, settlements, now);
    sql.defer(
      ...failedAttempts(database.kind, dispatch, settlements),
      ...retiredSubscriptions(database.kind, dispatch, settlements, now),
      ...acceptedOrNot(dispatch, settlements),
      endOfDispatch(dispatch, setBackTo),
      ...countOutcomes(database.kind, { notificationId, lane, spread, at: now, outcomes }),
      // last, because every worker on this notification waits for the one row
      ...grownCounters(notificationId, outcomes),
    );
    await hastenIfCancelled(sql, database.kind, notificationId, retryDispatchIds, now);
    sql.defer(completeIfSettled(notificationId, now));
  });
}

/** The row stays locked until the commit. */
async function isStillHeld(
  sql: Sql,
  kind: Database['kind'],
  { id, leaseOwner }: ClaimedDispatch,
): Promise<boolean> {
  const lock = kind === 'mysql' ? 'FOR UPDATE' : '';
  const rows = await sql.rows(`SELECT id FROM dispatch WHERE id = ? AND leaseOwner = ? ${lock}`, [
    id,
    leaseOwner,
  ]);
  return rows.length > 0;
}

function endOfDispatch({ id, leaseOwner }: ClaimedDispatch, setBackTo: SetBack | undefined): Statement {
  if (setBackTo) return setBack(id, setBackTo);
  return { text: 'DELETE FROM dispatch WHERE id = ? AND leaseOwner = ?', values: [id, leaseOwner] };
}

type Ending = Settlement & { readonly next: { readonly status: TerminalStatus } };
type Move = Settlement & { readonly next: { readonly dueAt: number } };

const isEnding = (settlement: Settlement): settlement is Ending => 'status' in settlement.next;
const isMove = (settlement: Settlement): settlement is Move => 'dueAt' in settlement.next;

/** One UPDATE for all deliveries that ended alike: in a healthy dispatch that is one for all 500. */
async function endDeliveries(
  sql: Sql,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
): Promise<OutcomeCount[]> {
  const alike = groupBy(settlements.filter(isEnding), (each) =>
    [each.next.status, each.httpStatus, each.reason, each.attempted].join(' '),
  );
  if (alike.length === 0) return [];
  const results = await sql.batch(alike.map((group) => endedDeliveries(dispatch, group)));
  return alike.map(([{ next, reason }], index) => ({
    ...{ pushService: dispatch.pushService, status: next.status, reason },
    deliveries: results[index]?.affected ?? 0,
  }));
}

function endedDeliveries(dispatch: ClaimedDispatch, group: readonly [Ending, ...Ending[]]): Statement {
  const [{ next, reason, attempted, httpStatus }] = group;
  const at = Math.max(...group.map((each) => each.at));
  return updatedDeliveries(dispatch, group, {
    assignments: `status = ?, acceptedAt = ?, ${outcomeColumns(attempted)}`,
    values: [
      deliveryStatusCode(next.status),
      next.status === 'ACCEPTED' ? at : null,
      ...outcomeValues(attempted, httpStatus, reason),
    ],
  });
}

/** @returns the ids of the dispatches that will try them again */
async function moveDeliveries(
  sql: TransactionSql,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
  now: number,
): Promise<number[]> {
  const dispatchIds: number[] = [];
  for (const chunk of retryChunks(settlements.filter(isMove), now)) {
    const dispatchId = await insertRetryDispatch(sql, dispatch, chunk);
    dispatchIds.push(dispatchId);
    const alike = groupBy(chunk, (each) => [each.httpStatus, each.reason, each.attempted].join(' '));
    for (const group of alike) {
      const [{ reason, attempted, httpStatus }] = group;
      const assignments = `dispatchId = ?, ${outcomeColumns(attempted)}`;
      const values = [dispatchId, ...outcomeValues(attempted, httpStatus, reason)];
      sql.defer(updatedDeliveries(dispatch, group, { assignments, values }));
    }
  }
  return dispatchIds;
}

/**
 * A notification that was cancelled while its POSTs were under way does not wait for retries that will not be made.
 * The row stays locked until the commit: a cancellation that comes now finds the retries.
 */
async function hastenIfCancelled(
  sql: TransactionSql,
  kind: Database['kind'],
  notificationId: number,
  dispatchIds: readonly number[],
  now: number,
): Promise<void> {
  if (dispatchIds.length === 0) return;
  const lock = kind === 'mysql' ? 'FOR UPDATE' : '';
  const [notification] = await sql.rows<{ status: NotificationStatus }>(
    `SELECT status FROM notification WHERE id = ? ${lock}`,
    [notificationId],
  );
  if (notification?.status !== 'CANCELLED') return;
  sql.defer({ text: `UPDATE dispatch SET dueAt = ? WHERE id IN (${idList(dispatchIds)})`, values: [now] });
}

/** A delivery that was not tried keeps what its latest attempt said. */
function outcomeColumns(attempted: boolean): string {
  return attempted ? 'attempts = attempts + 1, httpStatus = ?, reason = ?' : 'reason = COALESCE(?, reason)';
}

function outcomeValues(attempted: boolean, httpStatus: number | undefined, reason: string): SqlValue[] {
  if (attempted) return [httpStatus ?? null, reason];
  return [reason === 'deferred' ? null : reason];
}

function updatedDeliveries(
  dispatch: ClaimedDispatch,
  group: readonly Settlement[],
  change: { assignments: string; values: SqlValue[] },
): Statement {
  const ids = idList(group.map((each) => each.subscriptionId));
  const text = `UPDATE delivery SET ${change.assignments}
    WHERE notificationId = ? AND subscriptionId IN (${ids}) AND dispatchId = ? AND status = 0`;
  return { text, values: [...change.values, dispatch.notificationId, dispatch.id] };
}

async function insertRetryDispatch(
  sql: Sql,
  parent: ClaimedDispatch,
  chunk: readonly Move[],
): Promise<number> {
  const ids = chunk.map((each) => each.subscriptionId);
  // what was not sent has killed nobody yet, and may still
  const deaths = chunk.every((each) => each.attempted) ? 0 : parent.deaths;
  const { insertId } = await sql.run(
    `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt, deaths,
       heldBy)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      parent.notificationId,
      parent.lane,
      parent.pushService,
      Math.min(...ids),
      Math.max(...ids),
      Math.max(...chunk.map((each) => each.next.dueAt)),
      deaths,
      heldByOf(chunk),
    ],
  );
  return insertId;
}

function heldByOf(chunk: readonly Move[]): HeldBy {
  if (chunk.some(({ toldToWait }) => toldToWait)) return 'answer';
  return chunk.some(({ reason }) => reason === 'deferred') ? 'gate' : null;
}

/** Every POST that was not an accept leaves a row. */
function failedAttempts(
  kind: Database['kind'],
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
): Statement[] {
  const failed = settlements.filter((each) => each.attempted && !isAccepted(each));
  if (failed.length === 0) return [];
  const ignore = kind === 'mysql' ? 'IGNORE' : 'OR IGNORE';
  const values: SqlValue[] = failed.flatMap((each) => [
    dispatch.notificationId,
    each.subscriptionId,
    each.attempt,
    each.at,
    each.httpStatus ?? null,
    each.reason,
  ]);
  const text = `INSERT ${ignore} INTO attempt (notificationId, subscriptionId, attempt, at, httpStatus, reason)
    VALUES ${failed.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')}`;
  return [{ text, values }];
}

/** By compare-and-set: a browser that subscribed anew in the meantime has a newer version and is spared. */
function retiredSubscriptions(
  kind: Database['kind'],
  { id: spread, pushService, message }: ClaimedDispatch,
  settlements: readonly Settlement[],
  now: number,
): Statement[] {
  const ending = settlements.filter((each) => each.retiresVersion !== undefined);
  if (ending.length === 0) return [];
  const pairs = ending.map(
    (each) => `(id = ${idList([each.subscriptionId])} AND version = ${Number(each.retiresVersion)})`,
  );
  const text = `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'gone'
    WHERE retiredAt IS NULL AND pushService = ? AND (${pairs.join(' OR ')})`;
  const { applicationId } = message;
  return [
    { text, values: [now, pushService] },
    countJustRetired(kind, { applicationId, pushService, at: now, spread }),
  ];
}

/**
 * For subscriptions for which nothing had been accepted before, and no statement once all have been: that one was, or
 * that a send ended without. New keys begin a `neverAcceptedSince` that is later than all that were read with the
 * dispatch, so that the answer to a message for earlier keys does not count for them. Before the end of the dispatch,
 * which keeps it from counting twice; a worker that has lost the dispatch counts no vain send.
 */
function acceptedOrNot({ id, leaseOwner }: ClaimedDispatch, settlements: readonly Settlement[]): Statement[] {
  const open = settlements.filter((each) => each.unacceptedSince !== undefined);
  const [accepted, fruitless] = [open.filter(isAccepted), open.filter(isFruitless)];
  return [
    ...ofUnaccepted(accepted, { assignments: 'neverAcceptedSince = NULL, sendsWithoutAccept = 0' }),
    ...ofUnaccepted(fruitless, {
      assignments: 'sendsWithoutAccept = sendsWithoutAccept + 1',
      condition: 'EXISTS (SELECT 1 FROM dispatch WHERE id = ? AND leaseOwner = ?)',
      values: [id, leaseOwner],
    }),
  ];
}

function ofUnaccepted(
  settlements: readonly Settlement[],
  change: { assignments: string; condition?: string; values?: readonly SqlValue[] },
): Statement[] {
  if (settlements.length === 0) return [];
  const { assignments, condition = 'TRUE', values = [] } = change;
  const text = `UPDATE push_subscription SET ${assignments}
    WHERE id IN (${idList(settlements.map((each) => each.subscriptionId))}) AND neverAcceptedSince <= ? AND ${condition}`;
  const latest = Math.max(...settlements.map((each) => each.unacceptedSince ?? 0));
  return [{ text, values: [latest, ...values] }];
}

function grownCounters(notificationId: number, outcomes: readonly OutcomeCount[]): Statement[] {
  const counts = new Map<TerminalStatus, number>();
  for (const { status, deliveries } of outcomes) counts.set(status, (counts.get(status) ?? 0) + deliveries);
  const grown = terminalStatuses.filter((status) => (counts.get(status) ?? 0) > 0);
  if (grown.length === 0) return [];
  const assignments = grown.map((status) => `${status.toLowerCase()} = ${status.toLowerCase()} + ?`);
  const values = [...grown.map((status) => counts.get(status) ?? 0), notificationId];
  return [{ text: `UPDATE notification SET ${assignments.join(', ')} WHERE id = ?`, values }];
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
