import type { Outcome } from '../model/outcome';
import type { PushAnswer } from '../model/pushAnswer';
import type { PushPost } from '../webPush/pushPost';
import type { PushTransport } from '../webPush/transport/pushTransport';
import { flowNameOf } from './flow/flowName';
import type { KeyUse } from './flow/keyHolds';
import type { Passage, PushServiceGates } from './flow/pushServiceGates';
import { classifyAnswer } from './outcome/classifyAnswer';
import { retryDelay } from './outcome/retryDelay';
import { deferred, notAttempted, refusedByUs, type Settlement, settle } from './outcome/settlement';
import {
  needsFreshToken,
  needsNoTopic,
  type Outgoing,
  type PostDeps,
  preparePost,
  type Sending,
} from './preparePost';
import type { PushMessage } from './pushMessages';
import type { SigningKeys } from './signingKeys';
import type { Target, TargetSubscription } from './targets';

/** Everything one POST needs that is not its own. */
export interface SendDeps extends PostDeps {
  readonly transport: PushTransport;
  readonly gates: PushServiceGates;
  readonly signingKeys: SigningKeys;
  /** Told of each attempt, for the metrics. */
  readonly onAttempt?: (pushService: string, outcome: Outcome, durationMs: number) => void;
}

/** A delivery that has a place at the gate. */
interface Admitted extends Outgoing {
  readonly parts: SendDeps;
  readonly passage: Passage;
}

/**
 * One delivery on its way: gate, encrypt, POST, classify. Never throws for anything a push service or a subscriber
 * did; what comes out says where the delivery goes next. The VAPID keys have been opened before.
 */
export async function sendTarget(
  parts: SendDeps,
  dispatch: Sending,
  message: PushMessage,
  target: Target,
): Promise<Settlement> {
  const { subscription } = target;
  if (!subscription || changedHands(message, subscription)) {
    return notAttempted(target, { status: 'GONE' }, 'subscription-ended', parts.now());
  }
  const flowName = flowNameOf(dispatch.pushService, subscription.endpoint);
  const held = parts.keyHolds.admitOrProbe(keyUseOf(target, subscription, flowName), parts.now());
  if (held !== undefined) return deferred(target, Math.min(held, dispatch.deadlineAt), parts.now());
  const key = parts.signingKeys.known(subscription.vapidKeyId);
  if (!key) throw new Error('The VAPID key of a push subscription could not be opened.');
  const passage = parts.gates.passage(flowName, dispatch.message.applicationId);
  const entering = passage.enter(dispatch.lane, parts.now, dispatch.probed);
  if (entering !== true && !(await entering)) {
    const now = parts.now();
    // it may have been let go as the probe
    parts.keyHolds.undecided(subscription.vapidKeyId, flowName);
    return deferred(target, Math.min(Math.max(passage.reopensAt, now), dispatch.deadlineAt), now);
  }
  const admitted: Admitted = { parts, dispatch, message, target, subscription, key, flowName, passage };
  let post: PushPost | Settlement;
  try {
    post = await preparePost(admitted);
  } catch (error) {
    // whatever it was, the place at the gate is not lost
    passage.leave('aborted', parts.now());
    throw error;
  }
  const startedAt = parts.now();
  if ('next' in post) {
    passage.leave('aborted', startedAt);
    return post;
  }
  const postedAt = performance.now();
  const answer = await parts.transport.post(post);
  return settleAnswer(admitted, answer, { startedAt, tookMs: performance.now() - postedAt });
}

/** @param startedAt of the POST, in milliseconds since 1970 */
function settleAnswer(
  admitted: Admitted,
  answer: PushAnswer,
  { startedAt, tookMs }: { startedAt: number; tookMs: number },
): Settlement {
  const { parts, dispatch, target, subscription, flowName, passage } = admitted;
  const now = parts.now();
  if (answer.kind === 'failure' && (answer.failure === 'aborted' || answer.failure === 'blocked-address')) {
    // no word of the push service, neither about itself nor about the key
    passage.leave('aborted', now);
    parts.keyHolds.undecided(subscription.vapidKeyId, flowName);
    return answer.failure === 'aborted'
      ? deferred(target, now, now)
      : refusedByUs(target, answer.failure, now);
  }
  const outcome = classifyAnswer({
    pushService: dispatch.pushService,
    answer,
    subscriptionAgeMs: startedAt - subscription.createdAt,
    freshTokenTried: needsFreshToken(target),
    topicLeftOut: needsNoTopic(target),
    nowMs: now,
  });
  passage.leave(outcome.kind, now, outcome.retryAfterMs, subscription.everAccepted);
  parts.onAttempt?.(dispatch.pushService, outcome, tookMs);
  const keyHeldUntil = judgeKey(admitted, outcome, now);
  const next =
    keyHeldUntil === undefined
      ? retryDelay(target.attempts + 1, outcome, now, retryDeadline(admitted))
      : { dueAt: Math.min(keyHeldUntil, dispatch.deadlineAt) };
  return settle({ ...target, subscription }, outcome, next, now);
}

/** @returns until when the VAPID key is held, when this answer speaks against it and so did others */
function judgeKey(
  { parts: { keyHolds }, flowName, target, subscription }: Outgoing,
  outcome: Outcome,
  now: number,
): number | undefined {
  const { vapidKeyId } = subscription;
  if (outcome.holdsKey) return keyHolds.refused(keyUseOf(target, subscription, flowName), now);
  if (outcome.kind === 'accepted') keyHolds.accepted(vapidKeyId, flowName);
  else keyHolds.undecided(vapidKeyId, flowName);
  return undefined;
}

function keyUseOf(
  { subscriptionId }: Target,
  { vapidKeyId, everAccepted }: TargetSubscription,
  flowName: string,
): KeyUse {
  return { vapidKeyId, flowName, subscriptionId, everAccepted };
}

/**
 * Its user has logged out, or another has logged in, since the audience was expanded. A browser that was chosen by its
 * tags or its id was chosen for what was known of its former user.
 */
function changedHands(
  { userIds, chosenAt }: PushMessage,
  { userId, userLeftAt }: TargetSubscription,
): boolean {
  if (userIds !== undefined) return userId === null || !userIds.has(userId);
  return chosenAt !== undefined && userLeftAt !== null && userLeftAt >= chosenAt;
}

/** With TTL 0 a message is for now or never: nothing is tried again. */
function retryDeadline({ message, dispatch }: Outgoing): number {
  return message.ttlSeconds === 0 ? 0 : dispatch.deadlineAt;
}
