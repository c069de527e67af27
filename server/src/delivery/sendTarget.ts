import type { Outcome } from '../model/outcome';
import type { PushAnswer } from '../model/pushAnswer';
import type { VapidSigningKey } from '../model/vapidSigningKey';
import type { ReceiptTokens } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import type { CheckedOrigins } from './checkedOrigins';
import type { ClaimedDispatch } from './claimDispatch';
import { classifyAnswer } from './classifyAnswer';
import type { EncryptionThreads } from './encryption/encryptionThreads';
import { encryptOrRefuse } from './encryption/encryptPayload';
import type { KeyHolds } from './keyHolds';
import type { Pace } from './pace';
import type { PushMessage } from './pushMessages';
import type { PushPost } from './pushPost';
import type { PushServiceGates } from './pushServiceGate';
import type { PushTransport } from './pushTransport';
import { retryDelay } from './retryDelay';
import { type Settlement, settle, untried } from './settlement';
import type { SigningKeys } from './signingKeys';
import type { Target, TargetSubscription } from './targets';
import type { VapidTokens } from './vapidAuthorization';

/** Everything one POST needs that is not its own. */
export interface SendParts {
  readonly transport: PushTransport;
  readonly gates: PushServiceGates;
  readonly keyHolds: KeyHolds;
  readonly tokens: VapidTokens;
  readonly signingKeys: SigningKeys;
  readonly receipts: ReceiptTokens;
  readonly authBox: SealedBox;
  readonly origins: CheckedOrigins;
  /** Shared by all dispatches of the process that are `paced`. */
  readonly pace: Pace;
  /** Undefined: everything is encrypted on the event loop. */
  readonly encryption: EncryptionThreads | undefined;
  readonly now: () => number;
  /** Told of each attempt, for the metrics. */
  readonly onAttempt?: (pushService: string, outcome: Outcome, durationMs: number) => void;
}

/** A dispatch on its way out. */
export interface Sending extends ClaimedDispatch {
  /** As much work as a broadcast: it lets others in between. */
  readonly paced: boolean;
}

/** Connect and answer together. */
const attemptTimeoutMs = 10_000;

/**
 * One delivery on its way: gate, encrypt, POST, classify. Never throws for anything a push service or a subscriber
 * did; what comes out says where the delivery goes next. The VAPID keys have been opened before.
 */
export async function sendTarget(
  parts: SendParts,
  dispatch: Sending,
  message: PushMessage,
  target: Target,
): Promise<Settlement> {
  const { subscription } = target;
  if (!subscription || changedHands(message, subscription)) {
    return untried(target, { status: 'GONE' }, 'subscription-ended', parts.now());
  }
  const held = parts.keyHolds.heldUntil(subscription.vapidKeyId, dispatch.pushService, parts.now());
  if (held !== undefined) return deferred(target, Math.min(held, dispatch.deadlineAt), parts.now());
  const key = parts.signingKeys.known(subscription.vapidKeyId);
  if (!key) throw new Error('The VAPID key of a push subscription could not be opened.');
  const gate = parts.gates.of(dispatch.pushService);
  const entering = gate.enter(dispatch.lane, parts.now());
  const admitted = entering === true || (await entering);
  if (!admitted) {
    const now = parts.now();
    return deferred(target, Math.min(Math.max(gate.reopensAt, now), dispatch.deadlineAt), now);
  }
  let post: PushPost | Settlement;
  try {
    post = await preparePost(parts, dispatch, message, target, subscription, key);
  } catch (error) {
    // whatever it was, the place at the gate is not lost
    gate.leave('aborted', parts.now());
    throw error;
  }
  const startedAt = parts.now();
  if ('next' in post) {
    gate.leave('aborted', startedAt);
    return post;
  }
  const answer = await parts.transport.post(post);
  const now = parts.now();
  if (isAborted(answer)) {
    gate.leave('aborted', now);
    return deferred(target, now, now);
  }
  const outcome = classifyAnswer({
    pushService: dispatch.pushService,
    answer,
    subscriptionAgeMs: startedAt - subscription.createdAt,
    freshTokenTried: triedFreshToken(target),
    topicLeftOut: leftTopicOut(target),
    nowMs: now,
  });
  gate.leave(outcome.kind, now, outcome.retryAfterMs);
  parts.onAttempt?.(dispatch.pushService, outcome, now - startedAt);
  return settleAnswer(parts, dispatch, message, target, subscription, outcome, now);
}

function settleAnswer(
  parts: SendParts,
  dispatch: ClaimedDispatch,
  message: PushMessage,
  target: Target,
  subscription: TargetSubscription,
  outcome: Outcome,
  now: number,
): Settlement {
  const keyHeldUntil = judgeKey(parts.keyHolds, dispatch, target, subscription, outcome, now);
  const next =
    keyHeldUntil === undefined
      ? retryDelay(target.attempts + 1, outcome, now, retryDeadline(message, dispatch))
      : { dueAt: Math.min(keyHeldUntil, dispatch.deadlineAt) };
  return settle({ ...target, version: subscription.version }, outcome, next, now);
}

/** @returns until when the VAPID key is held, when this answer speaks against it and so did others */
function judgeKey(
  keyHolds: KeyHolds,
  dispatch: ClaimedDispatch,
  target: Target,
  subscription: TargetSubscription,
  outcome: Outcome,
  now: number,
): number | undefined {
  const { vapidKeyId } = subscription;
  if (outcome.holdsKey) return keyHolds.refused(vapidKeyId, dispatch.pushService, target.subscriptionId, now);
  if (outcome.kind === 'accepted') keyHolds.accepted(vapidKeyId, dispatch.pushService);
  else keyHolds.undecided(vapidKeyId, dispatch.pushService);
  return undefined;
}

/** Its user has logged out, or another has logged in, since the audience was expanded. */
function changedHands({ userIds }: PushMessage, { userId }: TargetSubscription): boolean {
  return userIds !== undefined && (userId === null || !userIds.has(userId));
}

/** With TTL 0 a message is for now or never: nothing is tried again. */
function retryDeadline(message: PushMessage, dispatch: ClaimedDispatch): number {
  return message.ttlSeconds === 0 ? 0 : dispatch.deadlineAt;
}

/**
 * Encrypts and addresses one message at its turn, or says why it is not sent. Other messages may be refused, and time
 * runs out, while this one waits to be encrypted, so that is asked last.
 */
async function preparePost(
  parts: SendParts,
  dispatch: Sending,
  message: PushMessage,
  target: Target,
  subscription: TargetSubscription,
  key: VapidSigningKey,
): Promise<PushPost | Settlement> {
  if (dispatch.paced) {
    const turn = parts.pace.next();
    if (turn) await turn;
  }
  const body = await encryptFor(parts, dispatch, message, target, subscription);
  const now = parts.now();
  const held = parts.keyHolds.heldSince(subscription.vapidKeyId, dispatch.pushService, now);
  if (held !== undefined) return deferred(target, Math.min(held, dispatch.deadlineAt), now);
  if (now >= dispatch.deadlineAt) return untried(target, { status: 'EXPIRED' }, 'expired', now);
  const refuse = (reason: 'blocked-address' | 'bad-subscription-keys') =>
    settle({ ...target, version: subscription.version }, refusedByUs(reason), 'final', now);
  const endpoint = parts.origins.split(subscription.endpoint);
  if (!endpoint) return refuse('blocked-address');
  if (!body) return refuse('bad-subscription-keys');
  if (triedFreshToken(target)) parts.tokens.forget(dispatch.pushService, endpoint.origin, key.keyId, now);
  return {
    origin: endpoint.origin,
    path: endpoint.path,
    pushService: dispatch.pushService,
    urgency: message.urgency,
    topic: leftTopicOut(target) ? undefined : message.topic,
    authorization: parts.tokens.authorization(endpoint.origin, key, now),
    body,
    ttlEndsAt: retryDeadline(message, dispatch),
    timeoutMs: attemptTimeoutMs,
    latestSendAt: dispatch.deadlineAt,
  };
}

/** The latest attempt was refused for its token, so this one carries a new one. */
function triedFreshToken(target: Target): boolean {
  return target.reason === 'bad-token' || target.reason === 'endpoint-refused';
}

function leftTopicOut(target: Target): boolean {
  return target.reason === 'bad-topic';
}

/** A broadcast is encrypted beside the event loop, a message to few people where it is: the way would take longer. */
function encryptFor(
  parts: SendParts,
  dispatch: Sending,
  message: PushMessage,
  target: Target,
  { p256dh, sealedAuth }: TargetSubscription,
): Promise<Buffer | undefined> | Buffer | undefined {
  const auth = openAuth(parts.authBox, sealedAuth);
  if (!auth) return undefined;
  const token = parts.receipts.issue(dispatch.notificationId, target.subscriptionId);
  const { before, after } = message.payload;
  const plaintext = Buffer.concat([before, Buffer.from(token, 'latin1'), after]);
  if (dispatch.paced && parts.encryption) return parts.encryption.encrypt(plaintext, p256dh, auth);
  return encryptOrRefuse(plaintext, p256dh, auth);
}

/** Undefined for an imported or damaged row. */
function openAuth(authBox: SealedBox, sealedAuth: Buffer): Buffer | undefined {
  try {
    return authBox.open(sealedAuth);
  } catch {
    return undefined;
  }
}

function isAborted(answer: PushAnswer): boolean {
  return answer.kind === 'failure' && answer.failure === 'aborted';
}

function refusedByUs(reason: 'blocked-address' | 'bad-subscription-keys'): Outcome {
  return { kind: 'rejected', reason, retry: 'no', retires: false, holdsKey: false };
}

/** Back to the database, untried. */
function deferred(target: Target, dueAt: number, at: number): Settlement {
  return untried(target, { dueAt }, 'deferred', at);
}
