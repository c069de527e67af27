import { isUnavailable } from '../database/faults';
import type { Database } from '../database/openDatabase';
import type { Log } from '../observe/log';
import type { DispatchMessage, Verdict } from '../queue/dispatchQueue';
import {
  type ClaimedDispatch,
  claimDispatch,
  deferDispatch,
  type HeldBy,
  handBackDispatch,
  type SetBack,
  setBackDispatch,
} from './claimDispatch';
import type { Comebacks } from './flow/comebacks';
import { flowNameOfDispatch, flowNamesOf } from './flow/flowName';
import type { LaneShares } from './flow/laneShares';
import type { PushServiceGate } from './flow/pushServiceGate';
import { applicationLine, type Shut } from './flow/pushServiceGates';
import type { Recall } from './flow/recall';
import type { LeaseKeeper } from './leaseKeeper';
import { deferredUntil, isAccepted, notAttempted, type Settlement } from './outcome/settlement';
import type { PushMessages } from './pushMessages';
import { recordSettlements } from './recordSettlements';
import { retryWhileUnavailable } from './retryWhileUnavailable';
import type { Semaphore } from './semaphore';
import { type SendDeps, sendTarget } from './sendTarget';
import { type Stage, StageFailure } from './stageFailure';
import { setBackAfter } from './suspects/setBackPause';
import { isSuspect, narrowDown, type SuspectDeps, sendApart } from './suspects/suspects';
import { type Target, targetsOf, toTargets } from './targets';

/*
 * Room: delivery. In: a message naming a dispatch. Out: every delivery of it settled or moved to a later dispatch, in
 * one transaction, and then the verdict for the queue. The pipeline, read top to bottom:
 *   claim -> load -> send each (gate, encrypt, POST, classify) -> record -> ack
 * May fail: the database, which is waited for (retryWhileUnavailable.ts): the queue's message stays here, and outcomes are kept
 * until they are written, because forgetting them would post twice. Any other failure is deferred
 * (setBackPause.ts). A dispatch whose worker died three times is sent with nothing else under way (suspects.ts).
 */

export interface DeliveryDeps extends SendDeps, SuspectDeps {
  readonly database: Database;
  readonly messages: PushMessages;
  readonly leases: LeaseKeeper;
  readonly shares: LaneShares;
  readonly comebacks: Comebacks;
  readonly recall: Recall;
  /** For writing down what went wrong or was put off: it may all go wrong in one moment. */
  readonly lowPriorityWrites: Semaphore;
  readonly log: Log;
  /** True once the worker shuts down: what is not yet posted is handed back. */
  readonly stopping: () => boolean;
}

/** Messages to more people than these are as much work as a broadcast, and let others in between as one does. */
const fewTargets = 8;
/** A message that waited in vain for a run of suspects comes back after this long. */
const handedBackMs = 1_000;
/** Outcomes are known here only: they are worth a while, also of a shutdown. */
const recordWhileStoppingMs = 8_000;

/**
 * Handles one message of the queue. Idempotent: a dispatch that is finished or taken has nothing left to do.
 * @param probed a paused gate that the dispatch is to probe
 */
export async function deliverDispatch(
  parts: DeliveryDeps,
  message: DispatchMessage,
  probed?: PushServiceGate,
): Promise<Verdict> {
  if (parts.stopping()) return 'later';
  try {
    const entered = parts.isolation.enter();
    if (entered !== true && !(await entered)) return await handBack(parts, message);
    try {
      return await deliverEntered(parts, message, probed);
    } finally {
      parts.isolation.leave();
    }
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    parts.log.warn({ dispatchId: message.dispatchId }, 'delivery waits for the database');
    return 'later';
  }
}

async function deliverEntered(
  parts: DeliveryDeps,
  { dispatchId }: DispatchMessage,
  probed: PushServiceGate | undefined,
): Promise<Verdict> {
  if (parts.stopping()) return 'later';
  const dispatch = await retryWhileUnavailable(parts, dispatchId, () => claim(parts, dispatchId));
  if (!dispatch) return 'done';
  try {
    return await withLease(parts, { ...dispatch, probed });
  } finally {
    parts.leases.release(dispatchId);
  }
}

async function handBack(parts: DeliveryDeps, { dispatchId }: DispatchMessage): Promise<Verdict> {
  if (parts.stopping()) return 'later';
  await retryWhileUnavailable(parts, dispatchId, () =>
    handBackDispatch(parts.database, dispatchId, spread(parts.now() + handedBackMs)),
  );
  return 'done';
}

async function claim(parts: DeliveryDeps, dispatchId: number): Promise<ClaimedDispatch | undefined> {
  const { leases } = parts;
  // its lease ran out while this process stood still: what it has begun is not begun again beside it
  if (leases.isHeld(dispatchId)) return undefined;
  const since = leases.time;
  const lease = { owner: leases.owner, until: parts.now() + leases.leaseMs };
  const dispatch = await claimDispatch(parts.database, dispatchId, lease, parts.now());
  if (dispatch) leases.hold(dispatchId, since);
  return dispatch;
}

async function withLease(parts: DeliveryDeps, dispatch: ClaimedDispatch): Promise<Verdict> {
  const { deadlineAt } = dispatch;
  const { applicationId } = dispatch.message;
  // what is only to be ended goes to no push service and waits for none
  if (dispatch.status === 'CANCELLED' || parts.now() >= deadlineAt) {
    await deliver(parts, dispatch);
    return 'done';
  }
  if (dispatch.diedAlone === 1) {
    await narrowDown(parts, dispatch);
    return 'done';
  }
  const flowName = flowNameOfDispatch(dispatch);
  const shut = dispatch.probed ? undefined : parts.gates.shut(flowName, applicationId, parts.now());
  if (shut && shut.until < deadlineAt) return putOff(parts, dispatch, flowName, shut, 'gate');
  if (!isSuspect(dispatch)) return deliverInPlace(parts, dispatch, flowName);
  await sendApart(parts, dispatch, () => deliverInPlace(parts, dispatch, flowName));
  return 'done';
}

/** Takes a place among those that the push service may have at a time. */
async function deliverInPlace(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  flowName: string,
): Promise<Verdict> {
  const { lane } = dispatch;
  const { applicationId } = dispatch.message;
  const place = await parts.shares.enter(lane, flowName);
  if (place !== true) {
    const earliest = parts.now() + parts.shares.comeBackMs(lane, flowName);
    // one that is only busy wants all of them soon; one that does not answer gets them one by one
    return place === 'stuck'
      ? putOff(parts, dispatch, flowName, { line: flowName, until: earliest }, null)
      : defer(parts, dispatch, spread(earliest), null);
  }
  const enteredAt = performance.now();
  let flowNames: readonly string[];
  try {
    flowNames = await deliver(parts, dispatch);
  } finally {
    parts.shares.leave(lane, flowName, performance.now() - enteredAt);
  }
  // its places may have been waited for, and what it was sent to may take messages again
  for (const name of new Set([flowName, ...flowNames])) {
    parts.recall.begin(lane, name, flowName);
    parts.recall.begin(lane, applicationLine(name, applicationId), flowName);
  }
  return 'done';
}

/** To the end of a line. */
async function putOff(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  flowName: string,
  { line, until }: Shut,
  heldBy: HeldBy,
): Promise<Verdict> {
  const { lane, deadlineAt } = dispatch;
  const dueAt = parts.comebacks.next(lane, line, until, deadlineAt);
  await defer(parts, dispatch, dueAt, heldBy);
  waitInLine(parts, dispatch, line, dueAt);
  // the last of those that could have begun to call it may just have been done
  parts.recall.begin(lane, line, flowName);
  return 'done';
}

async function defer(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  dueAt: number,
  heldBy: HeldBy,
): Promise<Verdict> {
  const to = { owner: parts.leases.owner, dueAt, heldBy };
  await parts.lowPriorityWrites.run(() => deferDispatch(parts.database, dispatch, to, parts.now()));
  return 'done';
}

/** @returns the flow names of its deliveries; of one that got stuck, none */
async function deliver(parts: DeliveryDeps, dispatch: ClaimedDispatch): Promise<readonly string[]> {
  try {
    return await deliverAll(parts, dispatch);
  } catch (error) {
    if (!(error instanceof StageFailure)) throw error;
    parts.log.error(
      { err: error.cause, dispatchId: dispatch.id, stage: error.stage },
      'a dispatch got stuck',
    );
    await retryWhileUnavailable(parts, dispatch.id, () =>
      setBackDispatch(parts.database, dispatch.id, setBackOf(parts, dispatch, error)),
    );
  }
  return [];
}

async function deliverAll(parts: DeliveryDeps, dispatch: ClaimedDispatch): Promise<readonly string[]> {
  const targets = dispatch.targets ?? (await loadTargets(parts, dispatch));
  const flowNames = flowNamesOf(dispatch.pushService, targets);
  await deliverTargets(parts, dispatch, targets, flowNames);
  return flowNames;
}

async function deliverTargets(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  targets: readonly Target[],
  flowNames: readonly string[],
): Promise<void> {
  const { settlements, failure } = await sendAll(parts, dispatch, targets);
  const untriedUntil = failure ? undefined : deferredUntil(settlements, parts.now());
  if (untriedUntil !== undefined) return deferNotAttempted(parts, dispatch, flowNames, untriedUntil);
  // what cannot be sent stays behind in this dispatch, and nobody else's delivery with it
  const setBackTo = failure && setBackOf(parts, dispatch, failure);
  const record = () => recordSettlements(parts.database, dispatch, settlements, parts.now(), setBackTo);
  const recorded = () =>
    inStage('recording', () => retryWhileUnavailable(parts, dispatch.id, record, recordWhileStoppingMs));
  await (settlements.some(isAccepted) ? recorded() : parts.lowPriorityWrites.run(recorded));
  if (failure)
    parts.log.error(
      { err: failure.cause, dispatchId: dispatch.id, deliveries: targets.length - settlements.length },
      'deliveries could not be sent',
    );
}

/** Nothing of it was tried, so it waits itself, at less cost than a new dispatch in its place. */
async function deferNotAttempted(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  flowNames: readonly string[],
  earliest: number,
): Promise<void> {
  const { lane, deadlineAt, message } = dispatch;
  // many were turned away at a gate in the same moment, and are not to come back in one
  const [line] = flowNames.flatMap(
    (flowName) => parts.gates.passage(flowName, message.applicationId).line ?? [],
  );
  const dueAt = line === undefined ? earliest : parts.comebacks.next(lane, line, earliest, deadlineAt);
  const heldBy = line === undefined ? null : 'gate';
  const write = () =>
    retryWhileUnavailable(
      parts,
      dispatch.id,
      () => defer(parts, dispatch, dueAt, heldBy),
      recordWhileStoppingMs,
    );
  await inStage('recording', write);
  if (line !== undefined) waitInLine(parts, dispatch, line, dueAt);
}

/** What waits for the end of a long pause is found in the database (pauses.ts). */
function waitInLine(parts: DeliveryDeps, dispatch: ClaimedDispatch, line: string, dueAt: number): void {
  if (!parts.gates.isPaused(line)) parts.comebacks.waits(dispatch, line, dueAt);
}

async function loadTargets(parts: DeliveryDeps, { id, lane }: ClaimedDispatch): Promise<Target[]> {
  const { text, values } = targetsOf(id, lane);
  const rows = await inStage('loading', () =>
    retryWhileUnavailable(parts, id, () => parts.database.sql.rows(text, values)),
  );
  return toTargets(rows);
}

interface Sent {
  readonly settlements: Settlement[];
  /** Why deliveries are missing among them. */
  readonly failure?: StageFailure | undefined;
}

async function sendAll(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  targets: readonly Target[],
): Promise<Sent> {
  const now = parts.now();
  const unsent = (status: 'CANCELLED' | 'EXPIRED', reason: 'cancelled' | 'expired') => ({
    settlements: targets.map((target) => notAttempted(target, { status }, reason, now)),
  });
  if (dispatch.status === 'CANCELLED') return unsent('CANCELLED', 'cancelled');
  if (now >= dispatch.deadlineAt) return unsent('EXPIRED', 'expired');
  const message = await inStage('loading', async () => parts.messages.of(dispatch));
  const keyFailure = await openKeys(parts, dispatch, targets);
  const sending = { ...dispatch, paced: dispatch.lane === 'bulk' || targets.length > fewTargets };
  const sent = await Promise.allSettled(targets.map((target) => sendTarget(parts, sending, message, target)));
  const failed = sent.find((each) => each.status === 'rejected');
  return {
    settlements: sent.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    failure: failed && (keyFailure ?? new StageFailure('sending', failed.reason)),
  };
}

/**
 * Before the first POST: afterwards nothing may wait for the database but the outcomes.
 * @returns why a key could not be opened; only the deliveries that need it fail
 */
async function openKeys(
  parts: DeliveryDeps,
  dispatch: ClaimedDispatch,
  targets: readonly Target[],
): Promise<StageFailure | undefined> {
  const keyIds = new Set(targets.flatMap(({ subscription }) => subscription?.vapidKeyId ?? []));
  let failure: StageFailure | undefined;
  for (const keyId of keyIds) {
    if (parts.signingKeys.known(keyId)) continue;
    try {
      await retryWhileUnavailable(parts, dispatch.id, () => parts.signingKeys.read(keyId));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      failure = new StageFailure('opening the VAPID key', error);
    }
  }
  return failure;
}

/** A database that is away is nobody's failure: that error passes as it is. */
async function inStage<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isUnavailable(error) ? error : new StageFailure(stage, error);
  }
}

/** Later each time, so that a dispatch which cannot be finished makes little work. */
function setBackOf(parts: DeliveryDeps, { id, claims }: ClaimedDispatch, failure: StageFailure): SetBack {
  const after = setBackAfter(claims, parts.now());
  const { owner } = parts.leases;
  if (after.deadAt === null) return { ...after, owner, reason: failure.message };
  parts.log.error({ dispatchId: id, failures: claims }, 'a dispatch is set aside for a while');
  return { ...after, owner, reason: `failed ${claims} times: ${failure.message}` };
}

/** Dispatches that wait for a place do not all come back in the same instant. */
function spread(dueAt: number): number {
  return dueAt + Math.floor(Math.random() * 500);
}
