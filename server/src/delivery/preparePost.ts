import type { ReceiptTokens } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import type { CheckedOrigins } from '../webPush/checkedOrigins';
import type { EncryptionThreads } from '../webPush/encryption/encryptionThreads';
import { encryptOrRefuse } from '../webPush/encryption/encryptPayload';
import type { PushPost } from '../webPush/pushPost';
import type { VapidTokens } from '../webPush/vapid/vapidAuthorization';
import type { VapidSigningKey } from '../webPush/vapid/vapidSigningKey';
import type { ClaimedDispatch } from './claimDispatch';
import type { EventLoopYield } from './eventLoopYield';
import type { KeyHolds } from './flow/keyHolds';
import type { LeaseKeeper } from './leaseKeeper';
import { deferred, notAttempted, refusedByUs, type Settlement } from './outcome/settlement';
import type { PushMessage } from './pushMessages';
import type { Target, TargetSubscription } from './targets';

/** What a POST is made with. */
export interface PostDeps {
  readonly leases: Pick<LeaseKeeper, 'isValid'>;
  readonly keyHolds: KeyHolds;
  readonly tokens: VapidTokens;
  readonly receipts: ReceiptTokens;
  readonly authBox: SealedBox;
  readonly origins: CheckedOrigins;
  /** Shared by all dispatches of the process that are `paced`. */
  readonly pace: EventLoopYield;
  /** Undefined: everything is encrypted on the event loop. */
  readonly encryption: EncryptionThreads | undefined;
  readonly now: () => number;
  /** A time of the database's clock by this machine's; absent where they are the same. */
  readonly machineTime?: (at: number) => number;
}

/** A dispatch on its way out. */
export interface Sending extends ClaimedDispatch {
  /** As much work as a broadcast: it lets others in between. */
  readonly paced: boolean;
}

/** A delivery on its way out: what stays the same until it is settled. */
export interface Outgoing {
  readonly parts: PostDeps;
  readonly dispatch: Sending;
  readonly message: PushMessage;
  readonly target: Target;
  readonly subscription: TargetSubscription;
  readonly key: VapidSigningKey;
  /** flowName.ts */
  readonly flowName: string;
}

/** Connect and answer together. */
const attemptTimeoutMs = 10_000;

/**
 * Encrypts and addresses one message at its turn, or says why it is not sent. Other messages may be refused, and time
 * runs out, while this one waits to be encrypted, so that is asked last.
 */
export async function preparePost(outgoing: Outgoing): Promise<PushPost | Settlement> {
  const { parts, dispatch, message, target, subscription, key, flowName } = outgoing;
  if (dispatch.paced) {
    const turn = parts.pace.next();
    if (turn) await turn;
  }
  const body = await encryptFor(outgoing);
  const now = parts.now();
  const held = parts.keyHolds.heldUntil(subscription.vapidKeyId, flowName, now);
  if (held !== undefined) return deferred(target, Math.min(held, dispatch.deadlineAt), now);
  if (now >= dispatch.deadlineAt) return notAttempted(target, { status: 'EXPIRED' }, 'expired', now);
  const endpoint = parts.origins.split(subscription.endpoint);
  if (!endpoint) return refusedByUs(target, 'blocked-address', now);
  if (!body) return refusedByUs(target, 'bad-subscription-keys', now);
  const { origin, path } = endpoint;
  // the deadline is the database's time, and the transport goes by this machine's clock
  const deadlineHere = parts.machineTime?.(dispatch.deadlineAt) ?? dispatch.deadlineAt;
  if (needsFreshToken(target)) parts.tokens.forget(dispatch.pushService, origin, key.keyId, now);
  return {
    origin,
    path,
    pushService: dispatch.pushService,
    urgency: message.urgency,
    topic: needsNoTopic(target) ? undefined : message.topic,
    authorization: parts.tokens.authorization(origin, key, now),
    body,
    ttlEndsAt: message.ttlSeconds === 0 ? 0 : deadlineHere,
    timeoutMs: attemptTimeoutMs,
    latestSendAt: deadlineHere,
    mayLeave: () => parts.leases.isValid(dispatch.id),
  };
}

/** The latest attempt was refused for its token, so this one carries a new one. */
export function needsFreshToken({ reason }: Target): boolean {
  return reason === 'bad-token' || reason === 'endpoint-refused';
}

/** The latest attempt was refused for its topic. */
export function needsNoTopic({ reason }: Target): boolean {
  return reason === 'bad-topic';
}

/** A broadcast is encrypted beside the event loop, a message to few people where it is: the way would take longer. */
function encryptFor(outgoing: Outgoing): Promise<Buffer | undefined> | Buffer | undefined {
  const { parts, dispatch, message, target, subscription } = outgoing;
  const auth = openAuth(parts.authBox, subscription.sealedAuth);
  if (!auth) return undefined;
  const token = parts.receipts.issue(dispatch.notificationId, target.subscriptionId);
  const { before, after } = message.payload;
  const plaintext = Buffer.concat([before, Buffer.from(token, 'latin1'), after]);
  if (dispatch.paced && parts.encryption) {
    return parts.encryption.encrypt(plaintext, subscription.p256dh, auth);
  }
  return encryptOrRefuse(plaintext, subscription.p256dh, auth);
}

/** Undefined for an imported or damaged row. */
function openAuth(authBox: SealedBox, sealedAuth: Buffer): Buffer | undefined {
  try {
    return authBox.open(sealedAuth);
  } catch {
    return undefined;
  }
}
