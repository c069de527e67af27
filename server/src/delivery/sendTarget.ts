import type { Outcome } from '../model/outcome';
import type { PushAnswer } from '../model/pushAnswer';
import type { VapidSigningKey } from '../model/vapidSigningKey';
import type { ReceiptTokens } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import type { CheckedOrigins } from './checkedOrigins';
import type { ClaimedDispatch } from './claimDispatch';
import { classifyAnswer } from './classifyAnswer';
import { encryptPayload } from './encryptPayload';
import type { KeyHolds } from './keyHolds';
import type { Pace } from './pace';
import type { PushMessage } from './pushMessages';
import type { PushPost } from './pushPost';
import { pushHeaders, remainingTtlSeconds } from './pushRequest';
import type { PushServiceGates } from './pushServiceGate';
import type { PushTransport } from './pushTransport';
import { retryDelay } from './retryDelay';
import { type Settlement, settle } from './settlement';
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
  readonly now: () => number;
  /** Told of each attempt, for the metrics. */
  readonly onAttempt?: (pushService: string, outcome: Outcome, durationMs: number) => void;
}

/** Connect and answer together. */
const attemptTimeoutMs = 10_000;

/**
 * One delivery on its way: gate, encrypt, POST, classify. Never throws for anything a push service or a subscriber
 * did; what comes out says where the delivery goes next. The VAPID keys have been opened before.
 */
export async function sendTarget(
  parts: SendParts,
  dispatch: ClaimedDispatch & { readonly paced: boolean },
  message: PushMessage,
  target: Target,
): Promise<Settlement> {
  const { subscription } = target;
  if (!subscription || changedHands(message, subscription)) {
    return ended(target, 'GONE', 'subscription-ended', parts.now());
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
  if (dispatch.paced) {
    const turn = parts.pace.next();
    if (turn) await turn;
  }
  const startedAt = parts.now();
  // others may have been refused while this one waited for its place
  const heldMeanwhile = parts.keyHolds.heldSince(subscription.vapidKeyId, dispatch.pushService, startedAt);
  if (heldMeanwhile !== undefined) {
    gate.leave('aborted', startedAt);
    return deferred(target, Math.min(heldMeanwhile, dispatch.deadlineAt), startedAt);
  }
  if (startedAt >= dispatch.deadlineAt) {
    gate.leave('aborted', startedAt);
    return ended(target, 'EXPIRED', 'expired', startedAt);
  }
  let post: PushPost | Outcome;
  try {
    post = preparePost(parts, dispatch, message, target, subscription, key, startedAt);
  } catch (error) {
    // whatever it was, the place at the gate is not lost
    gate.leave('aborted', startedAt);
    throw error;
  }
  if ('kind' in post) {
    gate.leave('aborted', startedAt);
    return settle({ ...target, version: subscription.version }, post, 'final', startedAt);
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

/** Encrypts and addresses one message, or says why it cannot be sent. Synchronous: the keys are at hand. */
function preparePost(
  parts: SendParts,
  dispatch: ClaimedDispatch,
  message: PushMessage,
  target: Target,
  subscription: TargetSubscription,
  key: VapidSigningKey,
  now: number,
): PushPost | Outcome {
  const endpoint = parts.origins.split(subscription.endpoint);
  if (!endpoint) return refusedByUs('blocked-address');
  const body = encryptFor(parts, dispatch, message, target, subscription);
  if (!body) return refusedByUs('bad-subscription-keys');
  if (triedFreshToken(target)) parts.tokens.forget(endpoint.origin, key.keyId, now);
  return {
    origin: endpoint.origin,
    path: endpoint.path,
    headers: pushHeaders({
      pushService: dispatch.pushService,
      ttlSeconds: message.ttlSeconds === 0 ? 0 : remainingTtlSeconds(dispatch.deadlineAt, now),
      urgency: message.urgency,
      topic: leftTopicOut(target) ? undefined : message.topic,
      authorization: parts.tokens.authorization(endpoint.origin, key, now),
    }),
    body,
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

function encryptFor(
  parts: SendParts,
  dispatch: ClaimedDispatch,
  message: PushMessage,
  target: Target,
  subscription: TargetSubscription,
): Buffer | undefined {
  const token = parts.receipts.issue(dispatch.notificationId, target.subscriptionId);
  const { before, after } = message.payload;
  const plaintext = Buffer.concat([before, Buffer.from(token, 'latin1'), after]);
  try {
    return encryptPayload(plaintext, subscription.p256dh, parts.authBox.open(subscription.sealedAuth));
  } catch {
    // keys are checked when a browser subscribes: only an imported or damaged row can come here
    return undefined;
  }
}

function isAborted(answer: PushAnswer): boolean {
  return answer.kind === 'failure' && answer.failure === 'aborted';
}

function refusedByUs(reason: 'blocked-address' | 'bad-subscription-keys'): Outcome {
  return { kind: 'rejected', reason, retry: 'no', retires: false, holdsKey: false };
}

function ended(
  target: Target,
  status: 'GONE' | 'EXPIRED',
  reason: 'subscription-ended' | 'expired',
  at: number,
): Settlement {
  return {
    subscriptionId: target.subscriptionId,
    next: { status },
    reason,
    attempted: false,
    attempt: target.attempts,
    at,
  };
}

/** Back to the database untried: not an attempt. */
function deferred(target: Target, dueAt: number, at: number): Settlement {
  return {
    subscriptionId: target.subscriptionId,
    next: { dueAt },
    reason: 'deferred',
    attempted: false,
    attempt: target.attempts,
    at,
  };
}
