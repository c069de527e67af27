import { createHash } from 'node:crypto';
import { expandPage } from '../audience/expandPage';
import { completeIfSettled } from '../database/completeIfSettled';
import { Notification } from '../database/entities/notification';
import { isDuplicate } from '../database/faults';
import type { Database, Transaction } from '../database/openDatabase';
import type { Audience } from '../model/audience';
import type { Lane } from '../model/lane';
import type { NotificationContent } from '../model/notificationContent';
import type { PublicIds } from '../model/publicIds';
import { maxPayloadBytes } from '../model/pushPayload';
import { Refusal } from '../model/refusal';
import type { Urgency } from '../model/urgency';
import { payloadSize } from './payloadSize';
import { timeFault } from './timeFault';

/*
 * Room: intake. In: a checked send request. Out: one committed transaction, after which the notification cannot be
 * lost; for a few named people it already holds every delivery and dispatch. May fail: a Refusal, or the database,
 * and then nothing is stored. Called by the GraphQL mutation, which answers after the commit and before any sending.
 */

/** Everything a caller said, checked and with defaults filled in. */
export interface SendRequest {
  readonly applicationId: number;
  readonly apiKeyId: number;
  readonly audience: Audience;
  readonly content: NotificationContent;
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  readonly topic?: string | undefined;
  /** Milliseconds since 1970, as `expiresAt`. */
  readonly sendAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface AcceptedNotification {
  readonly notification: Notification;
  /** True when this call repeats an earlier one with the same idempotency key and input. */
  readonly replayed: boolean;
}

export interface IntakeParts {
  readonly database: Database;
  readonly ids: PublicIds;
  /** Where service workers send receipts. */
  readonly receiptUrl: string;
  readonly receiptTokenLength: number;
  /** Told after the commit, so that fresh dispatches reach the queue without waiting for a poll. */
  readonly announce: (lane: Lane, notificationId: number, dispatchIds: number[]) => void;
  readonly now?: () => number;
}

/** An audience of so many named subscriptions is expanded within the accepting transaction. */
const expandAtOnce = 500;
/** With TTL 0 a message is for whoever is reachable now; this is how long "now" may last on our side. */
const ttlZeroGraceMs = 30_000;

export async function acceptNotification(
  parts: IntakeParts,
  request: SendRequest,
): Promise<AcceptedNotification> {
  refuseTooLarge(parts, request.content);
  const now = (parts.now ?? Date.now)();
  const fault = timeFault(request, now);
  if (fault) {
    const replayed = await findReplayed(parts.database, request);
    if (replayed) return { notification: replayed, replayed: true };
    throw fault;
  }
  try {
    const { notification, dispatchIds } = await parts.database.transaction((tx) =>
      storeNotification(tx, parts, request, now),
    );
    if (dispatchIds.length > 0) parts.announce(notification.lane, notification.id, dispatchIds);
    return { notification, replayed: false };
  } catch (error) {
    const replayed = isDuplicate(error) && (await findReplayed(parts.database, request));
    if (replayed) return { notification: replayed, replayed: true };
    throw error;
  }
}

function refuseTooLarge(parts: IntakeParts, content: NotificationContent): void {
  const bytes = payloadSize(parts, content);
  if (bytes <= maxPayloadBytes) return;
  throw new Refusal(
    'PAYLOAD_TOO_LARGE',
    `The content makes a payload of ${bytes} bytes; push services take ${maxPayloadBytes}.`,
    ['input', 'content'],
  );
}

/** The lane is decided by how the audience is named, so that a caller can tell it beforehand. */
function laneOf(audience: Audience): Lane {
  return audience.userIds || audience.subscriptionIds ? 'transactional' : 'bulk';
}

/**
 * Stores a notification in the caller's transaction, which then announces its dispatches; its times and size are right.
 */
export async function storeNotification(
  tx: Transaction,
  { receiptUrl }: Pick<IntakeParts, 'receiptUrl'>,
  request: SendRequest,
  now: number,
): Promise<{ notification: Notification; dispatchIds: number[] }> {
  const lane = laneOf(request.audience);
  const scheduled = request.sendAt !== undefined && request.sendAt > now;
  const startAt = scheduled ? (request.sendAt ?? now) : now;
  const notification = await tx.entities.save(
    tx.entities.create(Notification, {
      ...emptyCounters,
      ...pick(request),
      receiptUrl,
      inputHash: hashInput(request),
      status: scheduled ? 'SCHEDULED' : 'SENDING',
      lane,
      createdAt: now,
      deadlineAt: Math.min(
        startAt + (request.ttlSeconds * 1000 || ttlZeroGraceMs),
        request.expiresAt ?? Number.MAX_SAFE_INTEGER,
      ),
      expandDueAt: startAt,
      expandCursor: 0,
    }),
  );
  if (scheduled || lane === 'bulk') return { notification, dispatchIds: [] };
  return expandNow(tx, notification, now);
}

/** Expands a named audience on the spot when it fits one page; a longer one is left to the expander. */
async function expandNow(
  tx: Transaction,
  notification: Notification,
  now: number,
): Promise<{ notification: Notification; dispatchIds: number[] }> {
  const page = await expandPage(tx, notification, {
    cursor: 0,
    size: expandAtOnce,
    dueAt: now,
    publishedAt: now,
  });
  const done = page.nextCursor === undefined;
  await tx.sql.run('UPDATE notification SET targeted = ?, expandCursor = ?, expandDueAt = ? WHERE id = ?', [
    page.targeted,
    page.nextCursor ?? 0,
    done ? null : now,
    notification.id,
  ]);
  if (done && page.targeted === 0) await completeIfSettled(tx.sql, notification.id, now);
  return {
    notification: await tx.entities.findOneByOrFail(Notification, { id: notification.id }),
    dispatchIds: page.dispatchIds,
  };
}

const emptyCounters = {
  targeted: 0,
  accepted: 0,
  gone: 0,
  rejected: 0,
  expired: 0,
  exhausted: 0,
  cancelled: 0,
  displayed: 0,
  clicked: 0,
  dismissed: 0,
};

function pick(request: SendRequest) {
  const { applicationId, apiKeyId, audience, content, ttlSeconds, urgency } = request;
  return {
    applicationId,
    apiKeyId,
    audience,
    content,
    ttlSeconds,
    urgency,
    topic: request.topic ?? null,
    sendAt: request.sendAt ?? null,
    expiresAt: request.expiresAt ?? null,
    idempotencyKey: request.idempotencyKey ?? null,
  };
}

/** What an earlier call with this idempotency key stored; undefined when there was none. */
async function findReplayed(database: Database, request: SendRequest): Promise<Notification | undefined> {
  const { apiKeyId, idempotencyKey } = request;
  if (idempotencyKey === undefined) return undefined;
  const earlier = await database.entities.findOneBy(Notification, { apiKeyId, idempotencyKey });
  if (earlier === null) return undefined;
  if (earlier.inputHash.equals(hashInput(request))) return earlier;
  throw new Refusal('IDEMPOTENCY_CONFLICT', 'This idempotency key was used before with another input.', [
    'input',
    'idempotencyKey',
  ]);
}

/** SHA-256 over the request with its members in a fixed order. */
function hashInput(request: SendRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]);
}
