import type { TerminalStatus } from '../../model/deliveryStatus';
import type { Outcome, OutcomeKind } from '../../model/outcome';
import { firstProbeMs } from '../probeTimes';
import type { Target, TargetSubscription } from '../targets';
import { retryChunks } from './retryChunks';
import type { NextAttempt } from './retryDelay';

/** Why a delivery stands where it stands: a push service's word, or a decision of ours before any POST. */
export type SettlementReason =
  | Outcome['reason']
  | 'cancelled'
  | 'expired'
  | 'subscription-ended'
  | 'deferred';

/**
 * What becomes of one delivery: it ends in a status, or it goes on in a later dispatch at `dueAt`
 * (milliseconds since 1970).
 */
export interface Settlement {
  readonly subscriptionId: number;
  readonly next: { readonly status: TerminalStatus } | { readonly dueAt: number };
  readonly reason: SettlementReason;
  /** Whether a POST was made, which then counts as an attempt. */
  readonly attempted: boolean;
  /** The number of that attempt, 1 for the first. */
  readonly attempt: number;
  readonly httpStatus?: number | undefined;
  readonly at: number;
  /** Whether the push service's answer asked for a wait that is worth a probe (probeTimes.ts). */
  readonly toldToWait?: boolean;
  /** The version of a push subscription that ends with this answer. */
  readonly retiresVersion?: number | undefined;
  /** Of a push subscription for which nothing had been accepted when it was read: its `neverAcceptedSince`. */
  readonly unacceptedSince?: number | undefined;
}

type Tried = Pick<Target, 'subscriptionId' | 'attempts' | 'subscription'>;

const endings: Record<OutcomeKind, TerminalStatus> = {
  accepted: 'ACCEPTED',
  gone: 'GONE',
  rejected: 'REJECTED',
  credential: 'REJECTED',
  keyMismatch: 'REJECTED',
  throttled: 'EXHAUSTED',
  transient: 'EXHAUSTED',
};

/** Puts a classified answer and the retry decision together. */
export function settle(
  target: Tried & { readonly subscription: TargetSubscription },
  outcome: Outcome,
  next: NextAttempt,
  at: number,
): Settlement {
  return {
    subscriptionId: target.subscriptionId,
    next: nextOf(outcome, next),
    reason: outcome.reason,
    attempted: true,
    attempt: target.attempts + 1,
    httpStatus: outcome.httpStatus,
    at,
    toldToWait: (outcome.retryAfterMs ?? 0) > firstProbeMs,
    retiresVersion: outcome.retires && next === 'final' ? target.subscription.version : undefined,
    unacceptedSince: unacceptedSinceOf(target),
  };
}

/** What becomes of a delivery without a POST: that counts as no attempt. */
export function notAttempted(
  target: Tried,
  next: Settlement['next'],
  reason: SettlementReason,
  at: number,
): Settlement {
  const { subscriptionId, attempts: attempt } = target;
  const unacceptedSince = unacceptedSinceOf(target);
  return { subscriptionId, next, reason, attempted: false, attempt, at, unacceptedSince };
}

function unacceptedSinceOf({ subscription }: Tried): number | undefined {
  return subscription?.neverAcceptedSince ?? undefined;
}

/**
 * Whether a send has ended without an accept: the push service or we refused it, or time or retries ran out after an
 * attempt. One that was never attempted because it waited says nothing about its subscription.
 */
export function isFruitless({ next, attempt }: Settlement): boolean {
  if (!('status' in next)) return false;
  if (next.status === 'EXPIRED') return attempt > 0;
  return next.status === 'REJECTED' || next.status === 'EXHAUSTED';
}

/** Whether a push service took the message. */
export function isAccepted({ next }: Settlement): boolean {
  return 'status' in next && next.status === 'ACCEPTED';
}

/**
 * When all of them may be tried, if none was, none has ended, and none waits unfairly long for the others (two VAPID
 * keys may be held for very different times); undefined otherwise.
 */
export function deferredUntil(settlements: readonly Settlement[], now: number): number | undefined {
  const moves = settlements.flatMap(({ reason, next }) =>
    reason === 'deferred' && 'dueAt' in next ? [{ next }] : [],
  );
  if (moves.length === 0 || moves.length < settlements.length) return undefined;
  if (retryChunks(moves, now).length > 1) return undefined;
  return Math.max(...moves.map(({ next }) => next.dueAt));
}

/** Back to the database, not attempted. */
export function deferred(target: Tried, dueAt: number, at: number): Settlement {
  return notAttempted(target, { dueAt }, 'deferred', at);
}

/** Ends a delivery that we do not post, whatever the push service would say. */
export function refusedByUs(
  target: Tried,
  reason: 'blocked-address' | 'bad-subscription-keys',
  at: number,
): Settlement {
  return notAttempted(target, { status: 'REJECTED' }, reason, at);
}

function nextOf(outcome: Outcome, next: NextAttempt): Settlement['next'] {
  if (next === 'final') return { status: endings[outcome.kind] };
  if (next === 'expired') return { status: 'EXPIRED' };
  if (next === 'exhausted') return { status: 'EXHAUSTED' };
  return { dueAt: next.dueAt };
}
