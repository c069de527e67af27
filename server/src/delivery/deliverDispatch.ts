import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import type { Log } from '../observe/log';
import type { DispatchMessage, Verdict } from '../queue/dispatchQueue';
import { buryDispatch, type ClaimedDispatch, claimDispatch, deferDispatch } from './claimDispatch';
import type { LaneShares } from './laneShares';
import type { LeaseKeeper } from './leaseKeeper';
import { loadTargets, type PushMessages, type Target } from './loadDispatch';
import { recordSettlements } from './recordSettlements';
import { type SendParts, sendTarget } from './sendTarget';
import type { Settlement } from './settlement';

/*
 * Room: delivery. In: a message naming a dispatch. Out: every delivery of it settled or moved to a later dispatch, in
 * one transaction, and then the verdict for the queue. The corridor, read top to bottom:
 *   claim -> load -> send each (gate, encrypt, POST, classify) -> record -> ack
 * May fail: the database. Before the first POST the message goes back (`later`); after it the outcomes are kept and
 * written as soon as the database is back, because forgetting them would post twice.
 */

export interface CorridorParts extends SendParts {
  readonly database: Database;
  readonly messages: PushMessages;
  readonly leases: LeaseKeeper;
  readonly shares: LaneShares;
  readonly log: Log;
  /** True once the worker shuts down: what is not yet posted is handed back. */
  readonly stopping: () => boolean;
  /** Told when dispatches with later due times were written or one was given back. */
  readonly onRecorded?: () => void;
}

/** A dispatch that was begun so often and never finished is set aside, with its reason. */
const maxClaims = 10;
const recordRetryMs = 500;
const recordPatienceMs = 300_000;

/** Handles one message of the queue. Idempotent: a dispatch that is finished or taken has nothing left to do. */
export async function deliverDispatch(parts: CorridorParts, message: DispatchMessage): Promise<Verdict> {
  if (parts.stopping()) return 'later';
  try {
    const lease = { owner: parts.leases.owner, until: parts.now() + parts.leases.leaseMs };
    const dispatch = await claimDispatch(parts.database, message.dispatchId, lease, parts.now());
    if (!dispatch) return 'done';
    return await withLease(parts, dispatch);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    parts.log.warn({ dispatchId: message.dispatchId }, 'delivery waits for the database');
    return 'later';
  }
}

async function withLease(parts: CorridorParts, dispatch: ClaimedDispatch): Promise<Verdict> {
  if (dispatch.claims > maxClaims) {
    await buryDispatch(
      parts.database,
      dispatch.id,
      `begun ${maxClaims} times and never finished`,
      parts.now(),
    );
    parts.log.error({ dispatchId: dispatch.id }, 'dispatch set aside: no worker could finish it');
    return 'dead';
  }
  const gate = parts.gates.of(dispatch.pushService);
  if (dispatch.status !== 'CANCELLED' && gate.isShut(parts.now()) && gate.reopensAt < dispatch.deadlineAt) {
    await deferDispatch(parts.database, dispatch.id, parts.leases.owner, spread(gate.reopensAt));
    return 'done';
  }
  const { lane, pushService } = dispatch;
  if (!(await parts.shares.enter(lane, pushService))) {
    const dueAt = spread(parts.now() + parts.shares.comeBackMs(lane, pushService));
    await deferDispatch(parts.database, dispatch.id, parts.leases.owner, dueAt);
    return 'done';
  }
  try {
    return await deliver(parts, dispatch);
  } finally {
    parts.shares.leave(lane, pushService);
  }
}

async function deliver(parts: CorridorParts, dispatch: ClaimedDispatch): Promise<Verdict> {
  parts.leases.hold(dispatch.id);
  try {
    const targets = await loadTargets(parts.database, dispatch);
    const settlements = await sendAll(parts, dispatch, targets);
    await recordAtLast(parts, dispatch, settlements);
    return 'done';
  } finally {
    parts.leases.release(dispatch.id);
  }
}

async function sendAll(
  parts: CorridorParts,
  dispatch: ClaimedDispatch,
  targets: readonly Target[],
): Promise<Settlement[]> {
  const now = parts.now();
  if (dispatch.status === 'CANCELLED') return targets.map((target) => unsent(target, 'CANCELLED', now));
  if (now >= dispatch.deadlineAt) return targets.map((target) => unsent(target, 'EXPIRED', now));
  const message = await parts.messages.read(dispatch.notificationId);
  return Promise.all(targets.map((target) => sendTarget(parts, dispatch, message, target)));
}

function unsent(target: Target, status: 'CANCELLED' | 'EXPIRED', at: number): Settlement {
  return {
    subscriptionId: target.subscriptionId,
    next: { status },
    reason: status === 'CANCELLED' ? 'cancelled' : 'expired',
    attempted: false,
    attempt: target.attempts,
    at,
  };
}

/** Outcomes exist only here until they are written, so a database that is away is waited for. */
async function recordAtLast(
  parts: CorridorParts,
  dispatch: ClaimedDispatch,
  settlements: readonly Settlement[],
): Promise<void> {
  const giveUpAt = parts.now() + recordPatienceMs;
  for (;;) {
    try {
      await recordSettlements(parts.database, dispatch, settlements, parts.now());
      parts.onRecorded?.();
      return;
    } catch (error) {
      if (!isUnavailable(error) || parts.stopping() || parts.now() > giveUpAt) throw error;
      parts.log.warn({ dispatchId: dispatch.id }, 'outcomes wait for the database');
      await new Promise((resolve) => setTimeout(resolve, recordRetryMs));
    }
  }
}

/** Dispatches that wait for one push service do not all come back in the same instant. */
function spread(dueAt: number): number {
  return dueAt + Math.floor(Math.random() * 500);
}
