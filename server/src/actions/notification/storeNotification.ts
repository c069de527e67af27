import { hash } from 'node:crypto';
import { dispatchIdsOf, freshDispatches, pageOfAudience, toPage } from '../../audience/expandPage';
import { completeIfSettled } from '../../database/completeIfSettled';
import type { Notification } from '../../database/entities/notification';
import { insertion, type Statement, type StatementResult, type TransactionSql } from '../../database/sql';
import type { Audience } from '../../model/audience';
import type { Lane } from '../../model/lane';
import type { NotificationContent } from '../../model/notificationContent';
import type { Urgency } from '../../model/urgency';

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

/** An audience of so many named subscriptions is expanded within the accepting transaction. */
const expandAtOnce = 500;
/** With TTL 0 a message is for whoever is reachable now; this is how long "now" may last on our side. */
const ttlZeroGraceMs = 30_000;

/** The lane is decided by how the audience is named, so that a caller can tell it beforehand. */
function laneOf(audience: Audience): Lane {
  return audience.userIds || audience.subscriptionIds ? 'transactional' : 'bulk';
}

/**
 * Stores a notification, and for a named audience that fits one page its deliveries and dispatches too. Its times and
 * size are right. Ends the transaction; afterwards the caller announces the dispatches.
 */
export async function storeNotification(
  sql: TransactionSql,
  { receiptUrl }: { readonly receiptUrl: string },
  request: SendRequest,
  now: number,
): Promise<{ notification: Notification; dispatchIds: number[] }> {
  const lane = laneOf(request.audience);
  const scheduled = request.sendAt !== undefined && request.sendAt > now;
  const startAt = scheduled ? (request.sendAt ?? now) : now;
  const row: Omit<Notification, 'id'> = {
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
    completedAt: null,
    expandDueAt: startAt,
    expandCursor: 0,
    expandLeaseUntil: null,
  };
  if (!scheduled && lane !== 'bulk') return storeExpanded(sql, row, now);
  const [inserted] = await sql.commitWith([insertNotification(row)]);
  return { notification: { id: insertedId(inserted), ...row }, dispatchIds: [] };
}

/** Expands a named audience on the spot when it fits one page; a longer one is left to the expander. */
async function storeExpanded(
  sql: TransactionSql,
  row: Omit<Notification, 'id'>,
  now: number,
): Promise<{ notification: Notification; dispatchIds: number[] }> {
  const [inserted, read] = await sql.batch([insertNotification(row), pageOfAudience(row, 0, expandAtOnce)]);
  const id = insertedId(inserted);
  const { targets, nextCursor } = toPage(read, expandAtOnce);
  const progress = {
    targeted: targets.length,
    expandCursor: nextCursor ?? 0,
    expandDueAt: nextCursor === undefined ? null : now,
  };
  sql.defer({
    text: 'UPDATE notification SET targeted = ?, expandCursor = ?, expandDueAt = ? WHERE id = ?',
    values: [...Object.values(progress), id],
  });
  const notification = { id, ...row, ...progress };
  if (targets.length === 0) {
    await sql.commitWith([completeIfSettled(id, now)]);
    return { notification: { ...notification, status: 'COMPLETED', completedAt: now }, dispatchIds: [] };
  }
  const due = { dueAt: now, publishedAt: now };
  const written = await sql.commitWith(freshDispatches(sql, notification, targets, due));
  return { notification, dispatchIds: dispatchIdsOf(written) };
}

function insertNotification(row: Omit<Notification, 'id'>): Statement {
  const { audience, content } = row;
  return insertion('notification', {
    ...row,
    ...{ audience: JSON.stringify(audience), content: JSON.stringify(content) },
  });
}

function insertedId(result: StatementResult | undefined): number {
  if (!result) throw new Error('The database did not say what id the row was given.');
  return result.insertId;
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

/** SHA-256 over the request with its members in a fixed order. */
export function hashInput(request: SendRequest): Buffer {
  return hash('sha256', JSON.stringify(sorted(request)), 'buffer');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]);
}
