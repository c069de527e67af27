import { countDeath } from '../database/countDeath';
import type { Database } from '../database/openDatabase';
import { idList, type Statement } from '../database/sql';
import type { Lane } from '../model/lane';
import type { NotificationStatus } from '../model/notificationStatus';
import type { Urgency } from '../model/urgency';
import type { PushServiceGate } from './flow/pushServiceGate';
import { type Target, targetsOf, toTargets } from './targets';

/** A dispatch in this worker's hands, with what decides whether its deliveries may still be sent. */
export interface ClaimedDispatch {
  readonly id: number;
  readonly notificationId: number;
  readonly pushService: string;
  readonly lane: Lane;
  /** How often it has failed, plus one for this claim. */
  readonly claims: number;
  /** How often its worker died. */
  readonly deaths: number;
  /** 1 when its worker died while nothing else was under way there. */
  readonly diedAlone: number;
  readonly status: NotificationStatus;
  /** Milliseconds since 1970, after which nothing is sent. */
  readonly deadlineAt: number;
  readonly message: StoredMessage;
  /** The worker that holds it. */
  readonly leaseOwner: string;
  /** Its deliveries, where they are few: those of a broadcast are read when there is time to send them. */
  readonly targets: Target[] | undefined;
  /** The paused gate that it probes, if it does. */
  readonly probed?: PushServiceGate | undefined;
}

/** What a notification says, as it is stored: JSON that nobody has looked at yet. */
export interface StoredMessage {
  readonly applicationId: number;
  readonly audience: string;
  readonly content: string;
  readonly receiptUrl: string;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic: string | null;
  /** When it was stored, or is to be sent: milliseconds since 1970. */
  readonly startAt: number;
}

type ClaimedRow = Omit<ClaimedDispatch, 'message' | 'leaseOwner' | 'targets' | 'probed'> & StoredMessage;

/**
 * Takes a dispatch for this worker until `leaseUntil`. Undefined when it is finished, dead, in another worker's hands, or
 * neither published nor due: then its message has nothing left to do. What is published was due by the clock of the
 * process that published it, and no other clock is asked again.
 */
export async function claimDispatch(
  database: Database,
  dispatchId: number,
  lease: { owner: string; until: number },
  now: number,
): Promise<ClaimedDispatch | undefined> {
  // what is needed next comes along: for a message to one person each exchange costs more than its work
  const [taken, found, few] = await database.write((sql) =>
    sql.batch([
      takeOver(dispatchId, lease, now),
      claimed(dispatchId),
      targetsOf(dispatchId, 'transactional'),
    ]),
  );
  const row = found?.rows[0] as ClaimedRow | undefined;
  if (!taken?.affected || !row) return undefined;
  const { applicationId, audience, content, receiptUrl, ttlSeconds, urgency, topic, startAt, ...dispatch } =
    row;
  return {
    ...dispatch,
    leaseOwner: lease.owner,
    message: { applicationId, audience, content, receiptUrl, ttlSeconds, urgency, topic, startAt },
    targets: dispatch.lane === 'transactional' ? toTargets(few?.rows ?? []) : undefined,
  };
}

function takeOver(dispatchId: number, lease: { owner: string; until: number }, now: number): Statement {
  // COALESCE keeps MySQL from the index on leaseUntil, where it would lock other workers' rows and deadlock with them
  const text = `UPDATE dispatch SET ${countDeath}, claims = claims + (leaseUntil IS NULL), leaseOwner = ?, leaseUntil = ?
    WHERE id = ? AND (publishedAt IS NOT NULL OR dueAt <= ?) AND deadAt IS NULL AND COALESCE(leaseUntil, 0) < ?`;
  return { text, values: [lease.owner, lease.until, dispatchId, now, now] };
}

function claimed(dispatchId: number): Statement {
  const text = `SELECT d.id, d.notificationId, d.pushService, d.lane, d.claims, d.deaths, d.isAlone AS diedAlone, n.status,
      n.deadlineAt, n.applicationId, n.audience, n.content, n.receiptUrl, n.ttlSeconds, n.urgency, n.topic,
      COALESCE(n.sendAt, n.createdAt) AS startAt
    FROM dispatch d JOIN notification n ON n.id = d.notificationId WHERE d.id = ?`;
  return { text, values: [dispatchId] };
}

/**
 * What a dispatch waits for in the database: `gate`: the end of a pause; nothing of it was tried. `answer`: a POST of it
 * was answered with a long `Retry-After`. Null: neither.
 */
export type HeldBy = 'gate' | 'answer' | null;

/**
 * Gives a dispatch back notAttempted, for example because its push service is paused until `dueAt`. What was cancelled in
 * the meantime does not wait.
 */
export async function deferDispatch(
  database: Database,
  dispatch: Pick<ClaimedDispatch, 'id' | 'notificationId'>,
  to: DeferredTo,
  now: number,
): Promise<void> {
  const [, found] = await database.write((sql) =>
    sql.batch([deferred(dispatch.id, to), statusOf(database.kind, dispatch.notificationId)]),
  );
  const notification = found?.rows[0] as { status: NotificationStatus } | undefined;
  if (notification?.status === 'CANCELLED') await hastenDispatches(database, [dispatch.id], now, 'due');
}

interface DeferredTo {
  readonly owner: string;
  readonly dueAt: number;
  readonly heldBy: HeldBy;
}

function deferred(dispatchId: number, { owner, dueAt, heldBy }: DeferredTo): Statement {
  const text = `UPDATE dispatch SET leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL, claims = claims - 1,
      isAlone = 0, dueAt = ?, heldBy = ? WHERE id = ? AND leaseOwner = ?`;
  return { text, values: [dueAt, heldBy, dispatchId, owner] };
}

/** Waits for a cancellation that is being written: it may have passed this dispatch before that was deferred. */
function statusOf(kind: Database['kind'], notificationId: number): Statement {
  const lock = kind === 'mysql' ? 'LOCK IN SHARE MODE' : '';
  return { text: `SELECT status FROM notification WHERE id = ? ${lock}`, values: [notificationId] };
}

/**
 * Makes dispatches due that wait in the database for later.
 * @param as `published` when the caller hands them to the queue, `due` when the relay is to do so
 */
export async function hastenDispatches(
  database: Database,
  dispatchIds: readonly number[],
  now: number,
  as: 'published' | 'due',
): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET dueAt = ?, publishedAt = ?
       WHERE id IN (${idList(dispatchIds)}) AND publishedAt IS NULL AND dueAt > ?`,
      [now, as === 'published' ? now : null, now],
    ),
  );
}

/** When a dispatch that failed is tried again, and why it failed, without secrets. */
export interface SetBack {
  readonly dueAt: number;
  /** Set when it is set aside until then. */
  readonly deadAt: number | null;
  readonly reason: string;
  /** Whose hands it is given back from: a worker that has lost its lease meanwhile takes nobody else's away. */
  readonly owner: string;
}

export function setBack(dispatchId: number, { dueAt, deadAt, reason, owner }: SetBack): Statement {
  return {
    text: `UPDATE dispatch SET leaseOwner = NULL, leaseUntil = NULL, publishedAt = NULL, isAlone = 0, dueAt = ?,
             deadAt = ?, deadReason = ?, heldBy = NULL WHERE id = ? AND leaseOwner = ?`,
    values: [dueAt, deadAt, reason.slice(0, 200), dispatchId, owner],
  };
}

/** Gives back a dispatch that failed in this worker. */
export async function setBackDispatch(database: Database, dispatchId: number, to: SetBack): Promise<void> {
  const { text, values } = setBack(dispatchId, to);
  await database.write((sql) => sql.run(text, values));
}

/** Returns a dispatch that was published to the database without claiming it: another worker may be free. */
export async function handBackDispatch(database: Database, dispatchId: number, dueAt: number): Promise<void> {
  await database.write((sql) =>
    sql.run(
      `UPDATE dispatch SET publishedAt = NULL, dueAt = ?
       WHERE id = ? AND COALESCE(leaseUntil, 0) = 0 AND deadAt IS NULL AND dueAt < ?`,
      [dueAt, dispatchId, dueAt],
    ),
  );
}
