import { LRUCache } from 'lru-cache';
import { toBuffer } from '../database/entities/columns';
import { Notification } from '../database/entities/notification';
import type { Database } from '../database/openDatabase';
import type { PublicIds } from '../model/publicIds';
import { type RenderedPayload, renderPayload } from '../model/pushPayload';
import type { Urgency } from '../model/urgency';
import type { ClaimedDispatch } from './claimDispatch';
import { topicHeader } from './pushRequest';

/** What all deliveries of a notification have in common, rendered once. */
export interface PushMessage {
  readonly payload: RenderedPayload;
  readonly urgency: Urgency;
  readonly topic: string | undefined;
  readonly ttlSeconds: number;
  /** The people it is for, when it names any: a browser that has changed hands since is not one of theirs. */
  readonly userIds: ReadonlySet<string> | undefined;
}

/** One pending delivery and the push subscription it goes to. */
export interface Target {
  readonly subscriptionId: number;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Reason of the latest attempt, if there was one. */
  readonly reason: string | null;
  /** Undefined when it has been deleted or has retired since the audience was expanded. */
  readonly subscription: TargetSubscription | undefined;
}

export interface TargetSubscription {
  readonly endpoint: string;
  readonly userId: string | null;
  readonly p256dh: Buffer;
  readonly sealedAuth: Buffer;
  readonly vapidKeyId: number;
  readonly version: number;
  readonly createdAt: number;
}

/** Reads notifications as push messages and keeps the latest few hundred, which never change. */
export class PushMessages {
  readonly #kept = new LRUCache<number, PushMessage>({ max: 500 });

  constructor(
    private readonly database: Database,
    private readonly ids: PublicIds,
  ) {}

  async read(notificationId: number): Promise<PushMessage> {
    const kept = this.#kept.get(notificationId);
    if (kept) return kept;
    const row = await this.database.entities.findOneByOrFail(Notification, { id: notificationId });
    const message: PushMessage = {
      payload: renderPayload({
        content: row.content,
        defaultTag: this.ids.encode('notification', notificationId),
        receiptUrl: row.receiptUrl,
      }),
      urgency: row.urgency,
      topic: row.topic === null ? undefined : topicHeader(row.applicationId, row.topic),
      ttlSeconds: row.ttlSeconds,
      userIds: row.audience.userIds && new Set(row.audience.userIds),
    };
    this.#kept.set(notificationId, message);
    return message;
  }
}

interface TargetRow {
  subscriptionId: number;
  attempts: number;
  reason: string | null;
  endpoint: string | null;
  userId: string | null;
  p256dh: ArrayBuffer | Buffer;
  sealedAuth: ArrayBuffer | Buffer;
  vapidKeyId: number;
  version: number;
  createdAt: number;
  retiredAt: number | null;
}

/**
 * The deliveries of a dispatch that are still pending. Those that another worker settled, or that moved to a later
 * dispatch, no longer carry its id, so a message that comes twice finds nothing.
 */
export async function loadTargets(database: Database, dispatch: ClaimedDispatch): Promise<Target[]> {
  const rows = await database.sql.rows<TargetRow>(
    `SELECT d.subscriptionId, d.attempts, d.reason, s.endpoint, s.userId, s.p256dh, s.sealedAuth, s.vapidKeyId, s.version,
            s.createdAt, s.retiredAt
     FROM delivery d LEFT JOIN push_subscription s ON s.id = d.subscriptionId
     WHERE d.notificationId = ? AND d.subscriptionId BETWEEN ? AND ? AND d.dispatchId = ? AND d.status = 0
     ORDER BY d.subscriptionId`,
    [dispatch.notificationId, dispatch.firstSubscriptionId, dispatch.lastSubscriptionId, dispatch.id],
  );
  return rows.map(({ subscriptionId, attempts, reason, ...row }) => ({
    subscriptionId,
    attempts,
    reason,
    subscription:
      row.endpoint === null || row.retiredAt !== null
        ? undefined
        : {
            endpoint: row.endpoint,
            userId: row.userId,
            p256dh: toBuffer(row.p256dh),
            sealedAuth: toBuffer(row.sealedAuth),
            vapidKeyId: row.vapidKeyId,
            version: row.version,
            createdAt: row.createdAt,
          },
  }));
}
