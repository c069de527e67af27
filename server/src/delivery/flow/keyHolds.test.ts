import { KeyHolds, type KeyUse } from './keyHolds';

const now = 1_000_000;

/** A delivery to a subscription that was accepted before. */
function use(subscriptionId: number, more: Partial<KeyUse> = {}): KeyUse {
  return { vapidKeyId: 1, flowName: 'fcm', subscriptionId, everAccepted: true, ...more };
}

/** To one that was accepted before and has not been refused. */
const good = use(1_000);

function refusedTimes(holds: KeyHolds, count: number, at = now): number | undefined {
  let until: number | undefined;
  for (let subscription = 1; subscription <= count; subscription += 1)
    until = holds.refused(use(subscription), at);
  return until;
}

test.each([
  [1, undefined],
  [4, undefined],
  [5, now + 60_000],
  [9, now + 60_000],
])('%i refused subscriptions hold the key until %s', (count, until) => {
  const holds = new KeyHolds(() => undefined);
  expect(refusedTimes(holds, count)).toBe(until);
  expect(holds.admitOrProbe(good, now + 1)).toBe(until);
});

test('one subscription refused again and again holds nothing', () => {
  const holds = new KeyHolds(() => undefined);
  for (let time = 0; time < 20; time += 1) expect(holds.refused(use(7), now)).toBeUndefined();
});

test('an accept in between clears the suspicion', () => {
  const holds = new KeyHolds(() => undefined);
  refusedTimes(holds, 4);
  holds.accepted(1, 'fcm');
  expect(refusedTimes(holds, 4)).toBeUndefined();
});

test('only that key at that push service is held, and one alarm is raised', () => {
  const alarms: string[] = [];
  const holds = new KeyHolds((pushService, key) => alarms.push(`${pushService} ${key}`));
  refusedTimes(holds, 12);
  expect(alarms).toEqual(['fcm 1']);
  expect(holds.held(now)).toEqual(['fcm']);
  expect(holds.admitOrProbe(use(1, { vapidKeyId: 2 }), now)).toBeUndefined();
  expect(holds.admitOrProbe(use(1, { flowName: 'apple' }), now)).toBeUndefined();
});

describe('after the hold', () => {
  const held = () => {
    const holds = new KeyHolds(() => undefined);
    refusedTimes(holds, 5);
    return holds;
  };
  const later = now + 60_000;

  test('one delivery probes, the others wait', () => {
    const holds = held();
    expect(holds.admitOrProbe(good, later)).toBeUndefined();
    expect(holds.admitOrProbe(good, later)).toBe(later + 3_000);
  });

  test('what has waited at the gate meanwhile is held too, but not the probe', () => {
    const holds = held();
    expect(holds.heldUntil(1, 'fcm', later - 1)).toBe(later);
    holds.admitOrProbe(good, later);
    expect(holds.heldUntil(1, 'fcm', later)).toBeUndefined();
    expect(holds.heldUntil(2, 'fcm', later - 1)).toBeUndefined();
  });

  test('a probe that is refused holds for twice as long', () => {
    const holds = held();
    holds.admitOrProbe(good, later);
    expect(holds.refused(use(99), later)).toBe(later + 120_000);
  });

  test('a probe that is taken lets everything go', () => {
    const holds = held();
    holds.admitOrProbe(good, later);
    holds.accepted(1, 'fcm');
    expect(holds.admitOrProbe(good, later)).toBeUndefined();
    expect(holds.held(later)).toEqual([]);
  });

  test('a probe that is never heard of again is followed by another', () => {
    const holds = held();
    holds.admitOrProbe(good, later);
    const retryAt = later + 15_000;
    expect(holds.admitOrProbe(good, retryAt)).toBeUndefined();
    expect(holds.admitOrProbe(good, retryAt)).toBeGreaterThan(retryAt);
  });

  test('nothing is held any more once nobody asks, as after the key was retired', () => {
    const holds = held();
    expect(holds.held(later + 59_999)).toEqual(['fcm']);
    expect(holds.held(later + 60_000)).toEqual([]);
  });

  test('as long as somebody asks it is held, also while probes end without a word', () => {
    const holds = held();
    holds.admitOrProbe(good, later + 50_000);
    holds.undecided(1, 'fcm');
    expect(holds.held(later + 60_000)).toEqual(['fcm']);
    // what comes late is a probe, as before
    expect(holds.refused(use(99), later + 500_000)).toBe(later + 620_000);
    expect(holds.held(later + 500_000)).toEqual(['fcm']);
  });

  test('a probe that times out is followed by another', () => {
    const holds = held();
    holds.admitOrProbe(good, later);
    holds.undecided(1, 'fcm');
    expect(holds.admitOrProbe(good, later)).toBeUndefined();
  });
});

describe('subscriptions for which nothing was ever accepted', () => {
  const bad = (subscriptionId: number) => use(subscriptionId, { everAccepted: false });

  test('hold nothing, however many are refused', () => {
    const holds = new KeyHolds(() => undefined);
    for (let id = 1; id <= 100; id += 1) expect(holds.refused(bad(id), now)).toBeUndefined();
    expect(refusedTimes(holds, 4)).toBeUndefined();
    expect(holds.admitOrProbe(good, now)).toBeUndefined();
  });

  test('do not prolong a hold, and let the next delivery probe', () => {
    const holds = new KeyHolds(() => undefined);
    refusedTimes(holds, 5);
    const late = now + 60_000 + 30_000;
    expect(holds.admitOrProbe(bad(7), late)).toBeUndefined();
    expect(holds.refused(bad(7), late)).toBeUndefined();
    expect(holds.admitOrProbe(good, late)).toBeUndefined();
  });
});

describe('the probe', () => {
  const later = now + 60_000;
  const held = () => {
    const holds = new KeyHolds(() => undefined);
    refusedTimes(holds, 8);
    return holds;
  };

  test.each<[string, KeyUse]>([
    ['was refused', use(8)],
    ['was never accepted', use(1_000, { everAccepted: false })],
  ])('is not a subscription that %s', (_what, other) => {
    const holds = held();
    expect(holds.admitOrProbe(other, later)).toBe(later + 3_000);
    expect(holds.admitOrProbe(good, later)).toBeUndefined();
  });

  test('may be any when no better one comes for half a minute', () => {
    const holds = held();
    expect(holds.admitOrProbe(use(8), later + 29_999)).toBeGreaterThan(later);
    expect(holds.admitOrProbe(use(8), later + 30_000)).toBeUndefined();
  });
});

test.each([7_200_000, -600_000])('a hold lasts as long when the clock is set by %d ms', (byMs) => {
  const holds = new KeyHolds(() => undefined);
  refusedTimes(holds, 5);
  holds.moveWithClock(byMs);
  expect(holds.admitOrProbe(good, now + byMs + 1)).toBe(now + byMs + 60_000);
  expect(holds.admitOrProbe(good, now + byMs + 60_000)).toBeUndefined();
});
