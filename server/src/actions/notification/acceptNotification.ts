import { Notification } from '../../database/entities/notification';
import { isDuplicate } from '../../database/faults';
import type { Database } from '../../database/openDatabase';
import type { PublicIds } from '../../model/ids/publicIds';
import type { Lane } from '../../model/lane';
import type { NotificationContent } from '../../model/notificationContent';
import { maxPayloadBytes } from '../../model/pushPayload';
import { Refusal } from '../../model/refusal';
import { payloadSize } from './payloadSize';
import { hashInput, type SendRequest, storeNotification } from './storeNotification';
import { timeFault } from './timeFault';

/*
 * Room: intake. In: a checked send request. Out: one committed transaction, after which the notification cannot be
 * lost; for a few named people it already holds every delivery and dispatch. May fail: a Refusal, or the database,
 * and then nothing is stored. Called by the GraphQL mutation, which answers after the commit and before any sending.
 */

export interface AcceptedNotification {
  readonly notification: Notification;
  /** True when this call repeats an earlier one with the same idempotency key and input. */
  readonly replayed: boolean;
}

export interface IntakeDeps {
  readonly database: Database;
  readonly ids: PublicIds;
  /** Where service workers send receipts. */
  readonly receiptUrl: string;
  readonly receiptTokenLength: number;
  /** Told after the commit, so that fresh dispatches reach the queue without waiting for a poll. */
  readonly announce: (lane: Lane, notificationId: number, dispatchIds: number[]) => void;
  readonly now?: () => number;
}

export async function acceptNotification(
  parts: IntakeDeps,
  request: SendRequest,
): Promise<AcceptedNotification> {
  refuseTooLarge(parts, request.content);
  const now = (parts.now ?? parts.database.now)();
  const fault = timeFault(request, now);
  if (fault) {
    const replayed = await findReplayed(parts.database, request);
    if (replayed) return { notification: replayed, replayed: true };
    throw fault;
  }
  try {
    const { notification, dispatchIds } = await parts.database.sqlTransaction((sql) =>
      storeNotification(sql, parts, request, now),
    );
    if (dispatchIds.length > 0) parts.announce(notification.lane, notification.id, dispatchIds);
    return { notification, replayed: false };
  } catch (error) {
    const replayed = isDuplicate(error) && (await findReplayed(parts.database, request));
    if (replayed) return { notification: replayed, replayed: true };
    throw error;
  }
}

function refuseTooLarge(parts: IntakeDeps, content: NotificationContent): void {
  const bytes = payloadSize(parts, content);
  if (bytes <= maxPayloadBytes) return;
  throw new Refusal(
    'PAYLOAD_TOO_LARGE',
    `The content makes a payload of ${bytes} bytes; push services take ${maxPayloadBytes}.`,
    ['input', 'content'],
  );
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
