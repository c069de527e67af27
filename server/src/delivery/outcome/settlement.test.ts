import type { TerminalStatus } from '../../model/deliveryStatus';
import type { Outcome, OutcomeKind } from '../../model/outcome';
import type { TargetSubscription } from '../targets';
import type { NextAttempt } from './retryDelay';
import {
  deferred,
  deferredUntil,
  isAccepted,
  isFruitless,
  notAttempted,
  refusedByUs,
  type Settlement,
  settle,
} from './settlement';

const now = 1_000_000;
const version = 3;
const subscription = { version, everAccepted: true, neverAcceptedSince: null } as TargetSubscription;
const target = { subscriptionId: 7, attempts: 2, subscription };

const endings: [TerminalStatus, ...OutcomeKind[]][] = [
  ['ACCEPTED', 'accepted'],
  ['GONE', 'gone'],
  ['REJECTED', 'rejected', 'credential', 'keyMismatch'],
  ['EXHAUSTED', 'throttled', 'transient'],
];

function settled(kind: OutcomeKind, next: NextAttempt, retires = false): Settlement {
  const outcome: Outcome = { kind, retires, reason: 'unavailable', retry: 'no', holdsKey: false };
  return settle(target, { ...outcome, httpStatus: 503 }, next, now);
}

describe('an answer', () => {
  test.each(endings)('that is final ends its delivery as %s where its kind is %s', (status, ...kinds) => {
    for (const kind of kinds) expect(settled(kind, 'final').next).toEqual({ status });
  });

  test.each<[string, NextAttempt, Settlement['next']]>([
    ['too late for another try', 'expired', { status: 'EXPIRED' }],
    ['at the last attempt', 'exhausted', { status: 'EXHAUSTED' }],
    ['with another try to come', { dueAt: now + 5_000 }, { dueAt: now + 5_000 }],
  ])('%s means the same whatever its kind', (_when, decision, next) => {
    for (const kind of endings.flatMap(([, ...kinds]) => kinds)) {
      expect(settled(kind, decision).next).toEqual(next);
    }
  });

  test('counts as the attempt after those before it', () => {
    expect(settled('transient', 'exhausted')).toMatchObject({
      ...{ subscriptionId: 7, attempted: true, attempt: 3 },
      ...{ reason: 'unavailable', httpStatus: 503, at: now },
    });
  });

  test.each<[boolean, NextAttempt, number | undefined]>([
    [true, 'final', 3],
    [true, { dueAt: now }, undefined],
    [true, 'expired', undefined],
    [true, 'exhausted', undefined],
    [false, 'final', undefined],
  ])('that retires (%s), then %j, ends version %s of the push subscription', (retires, next, version) => {
    expect(settled('gone', next, retires).retiresVersion).toBe(version);
  });
});

test.each<[string, Settlement, Partial<Settlement>]>([
  ['put off', deferred(target, now + 9, now), { next: { dueAt: now + 9 }, reason: 'deferred' }],
  [
    'refused by us',
    refusedByUs(target, 'blocked-address', now),
    { next: { status: 'REJECTED' }, reason: 'blocked-address' },
  ],
  [
    'cancelled',
    notAttempted(target, { status: 'CANCELLED' }, 'cancelled', now),
    { next: { status: 'CANCELLED' }, reason: 'cancelled' },
  ],
])('what is %s counts as no attempt', (_what, settlement, expected) => {
  const untouched = { subscriptionId: 7, attempted: false, attempt: 2, at: now };
  expect(settlement).toEqual({ ...untouched, ...expected });
});

test.each<[boolean, string, Settlement]>([
  [true, 'an accept', settled('accepted', 'final')],
  [false, 'another end', settled('gone', 'final')],
  [false, 'another try', settled('throttled', { dueAt: now })],
])('is accepted (%s): %s', (accepted, _what, settlement) => {
  expect(isAccepted(settlement)).toBe(accepted);
});

describe('a dispatch', () => {
  const putOff = (...waitsMs: readonly number[]) =>
    waitsMs.map((waitMs) => deferred(target, now + waitMs, now));

  test.each<[string, Settlement[], number | undefined]>([
    ['of one that is put off waits as long', putOff(5_000), 5_000],
    ['whose push service is paused waits for it', putOff(60_000, 60_000, 60_000), 60_000],
    ['is not tried before the last of its deliveries may be', putOff(0, 9_000, 3_000), 9_000],
    ['does not make one wait for ten minutes that may go in one', putOff(60_000, 600_000), undefined],
    ['without deliveries does not wait', [], undefined],
    ['of which one was tried is done', [...putOff(5_000), settled('accepted', 'final')], undefined],
    ['of which one is tried again is done', [...putOff(5_000), settled('gone', { dueAt: now })], undefined],
    [
      'of which one ended notAttempted is done',
      [...putOff(5_000), refusedByUs(target, 'blocked-address', now)],
      undefined,
    ],
  ])('%s', (_what, settlements, waitMs) => {
    const until = deferredUntil(settlements, now);
    expect(until === undefined ? undefined : until - now).toBe(waitMs);
  });
});

describe('a push subscription for which nothing was ever accepted', () => {
  const never = { ...target, subscription: { ...subscription, everAccepted: false, neverAcceptedSince: 77 } };

  test('is named in what becomes of its deliveries, and others are not', () => {
    expect(notAttempted(never, { status: 'EXPIRED' }, 'expired', now).unacceptedSince).toBe(77);
    expect(notAttempted(target, { status: 'EXPIRED' }, 'expired', now).unacceptedSince).toBeUndefined();
  });

  test.each<[TerminalStatus, number, boolean]>([
    ['ACCEPTED', 0, false],
    ['GONE', 1, false],
    ['CANCELLED', 1, false],
    ['EXPIRED', 0, false],
    ['EXPIRED', 1, true],
    ['REJECTED', 0, true],
    ['EXHAUSTED', 16, true],
  ])('has a send without an accept when it ends %s after %i attempts: %s', (status, attempts, expected) => {
    expect(isFruitless(notAttempted({ ...never, attempts }, { status }, 'expired', now))).toBe(expected);
  });

  test('has none while it is tried again', () => {
    expect(isFruitless(deferred(never, now, now))).toBe(false);
  });
});
