import { toBuffer } from '../database/entities/columns';
import type { Statement } from '../database/sql';
import type { Lane } from '../model/lane';

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
  /** When it last stopped belonging to a user; null: never. */
  readonly userLeftAt: number | null;
  readonly p256dh: Buffer;
  readonly sealedAuth: Buffer;
  readonly vapidKeyId: number;
  readonly version: number;
  readonly createdAt: number;
  /** Whether its push service has ever accepted a message for it, with these keys. */
  readonly everAccepted: boolean;
  /** Since when nothing has been accepted, in milliseconds since 1970; null once something was. */
  readonly neverAcceptedSince: number | null;
}

interface TargetRow {
  subscriptionId: number;
  attempts: number;
  reason: string | null;
  endpoint: string | null;
  userId: string | null;
  userLeftAt: number | null;
  p256dh: ArrayBuffer | Buffer;
  sealedAuth: ArrayBuffer | Buffer;
  vapidKeyId: number;
  version: number;
  createdAt: number;
  neverAcceptedSince: number | null;
  retiredAt: number | null;
}

/**
 * Reads the deliveries of a dispatch that are still pending, if it is of this lane. Those that another worker settled,
 * or that moved to a later dispatch, no longer carry its id, so a message that comes twice finds nothing.
 */
export function targetsOf(dispatchId: number, lane: Lane): Statement {
  const text = `SELECT d.subscriptionId, d.attempts, d.reason, s.endpoint, s.userId, s.userLeftAt, s.p256dh, s.sealedAuth,
      s.vapidKeyId, s.version, s.createdAt, s.neverAcceptedSince, s.retiredAt
    FROM dispatch p
    JOIN delivery d ON d.notificationId = p.notificationId AND d.dispatchId = p.id AND d.status = 0
      AND d.subscriptionId BETWEEN p.firstSubscriptionId AND p.lastSubscriptionId
    LEFT JOIN push_subscription s ON s.id = d.subscriptionId
    WHERE p.id = ? AND p.lane = ? ORDER BY d.subscriptionId`;
  return { text, values: [dispatchId, lane] };
}

export function toTargets(rows: readonly unknown[]): Target[] {
  return (rows as TargetRow[]).map(({ subscriptionId, attempts, reason, ...row }) => ({
    subscriptionId,
    attempts,
    reason,
    subscription:
      row.endpoint === null || row.retiredAt !== null
        ? undefined
        : {
            endpoint: row.endpoint,
            userId: row.userId,
            userLeftAt: row.userLeftAt,
            p256dh: toBuffer(row.p256dh),
            sealedAuth: toBuffer(row.sealedAuth),
            vapidKeyId: row.vapidKeyId,
            version: row.version,
            createdAt: row.createdAt,
            everAccepted: row.neverAcceptedSince === null,
            neverAcceptedSince: row.neverAcceptedSince,
          },
  }));
}
