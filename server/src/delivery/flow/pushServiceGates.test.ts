import type { OutcomeKind } from '../../model/outcome';
import { minLimit, startLimit } from './pushServiceGate';
import { PushServiceGates } from './pushServiceGates';

const now = 1_000_000;
const clock = () => now;
const [flagged, other] = [1, 2];
const hourMs = 3_600_000;

function answers(
  gates: PushServiceGates,
  applicationId: number,
  kind: OutcomeKind,
  count: number,
  at = now,
): void {
  const passage = gates.passage('fcm', applicationId);
  for (let time = 0; time < count; time += 1) {
    if (passage.enter('bulk', () => at) === true) passage.leave(kind, at, hourMs);
  }
}

test('an application that a push service throttles waits alone', () => {
  const gates = new PushServiceGates(Date.now);
  answers(gates, flagged, 'throttled', 1_000);
  expect(gates.shut('fcm', flagged, now)).toEqual({ line: 'fcm 1', until: now + hourMs });
  expect(gates.passage('fcm', flagged).enter('transactional', clock)).toBe(false);
  expect(gates.shut('fcm', other, now)).toBeUndefined();
  expect(gates.passage('fcm', other).enter('transactional', clock)).toBe(true);
  expect(gates.of('fcm').snapshot().limit).toBeGreaterThanOrEqual(startLimit);
  expect([...gates.throttled()]).toMatchObject([{ flowName: 'fcm', applicationId: flagged, state: 'open' }]);
});

test('two that are throttled at once do not pause a third', () => {
  const gates = new PushServiceGates(Date.now);
  for (let round = 0; round < 100; round += 1) {
    answers(gates, flagged, 'throttled', 1);
    answers(gates, other, 'throttled', 1);
  }
  expect(gates.shut('fcm', 3, now)).toBeUndefined();
});

test('a push service that is in trouble pauses everybody', () => {
  const gates = new PushServiceGates(Date.now);
  answers(gates, flagged, 'transient', 10);
  for (const applicationId of [flagged, other]) {
    expect(gates.shut('fcm', applicationId, now)).toEqual({ line: 'fcm', until: now + hourMs });
  }
  expect(gates.passage('fcm', flagged).application.isClosed).toBe(true);
});

test('also one that throttles every other POST and fails the rest', () => {
  const gates = new PushServiceGates(Date.now);
  for (let round = 0; round < 10; round += 1) {
    answers(gates, flagged, 'transient', 1);
    answers(gates, flagged, 'throttled', 1);
  }
  expect(gates.of('fcm').isClosed).toBe(false);
});

test('an application that is throttled now and then sends as many at once as the push service takes', () => {
  const gates = new PushServiceGates(Date.now);
  const passage = gates.passage('fcm', flagged);
  let at = now;
  for (let time = 0; time < 300; time += 1) {
    at += 100;
    void passage.enter('bulk', () => at);
    passage.leave(time % 3 === 0 ? 'throttled' : 'accepted', at);
  }
  const { state, limit } = passage.application.snapshot();
  expect(state).toBe('closed');
  expect(limit).toBeLessThan(2 * minLimit);
  expect(passage.service.snapshot().limit).toBeGreaterThan(startLimit);
  const entered = Array.from({ length: 10 }, () => passage.enter('transactional', () => at));
  expect(entered.filter((each) => each === true)).toHaveLength(limit);
});

test('who waits for the place of its application holds none of the push service', async () => {
  const gates = new PushServiceGates(Date.now);
  const passage = gates.passage('fcm', flagged);
  const entered = Array.from({ length: startLimit + 1 }, () => passage.enter('transactional', clock));
  expect(gates.of('fcm').snapshot()).toMatchObject({ underWay: startLimit, waiting: 0 });
  expect([...gates.entries()]).toMatchObject([['fcm', { underWay: startLimit, waiting: 1 }]]);
  passage.leave('accepted', now);
  expect(await entered.at(-1)).toBe(true);
  expect(gates.of('fcm').snapshot()).toMatchObject({ underWay: startLimit, waiting: 0 });
});

test('what the push service turns away leaves its place at the gate of its application', async () => {
  const gates = new PushServiceGates(Date.now);
  const [first, second] = [gates.passage('fcm', flagged), gates.passage('fcm', other)];
  for (let time = 0; time < startLimit; time += 1) first.enter('transactional', clock);
  const waiting = second.enter('transactional', clock);
  expect(second.application.snapshot().underWay).toBe(1);
  for (let time = 0; time < 10; time += 1) first.leave('transient', now);
  expect(await waiting).toBe(false);
  expect(second.application.snapshot().underWay).toBe(0);
  expect(second.reopensAt).toBeGreaterThan(now);
});

test.each([
  ['at a push service', (gates: PushServiceGates, other: number) => gates.passage('fcm', other)],
  ['elsewhere', (gates: PushServiceGates, other: number) => gates.passage(`host-${other}`, other)],
])('an application that is throttled is not forgotten for thousands of others %s', (_where, pass) => {
  const gates = new PushServiceGates(clock);
  answers(gates, flagged, 'throttled', 1_000);
  for (let id = 2; id < 3_000; id += 1) pass(gates, id);
  expect(gates.shut('fcm', flagged, now)).toEqual({ line: 'fcm 1', until: now + hourMs });
});

describe('subscriptions for which nothing was ever accepted', () => {
  const strangers = (gates: PushServiceGates, kind: OutcomeKind, count: number, at = now) => {
    const passage = gates.passage('fcm', flagged);
    for (let time = 0; time < count; time += 1) {
      if (passage.enter('bulk', () => at) === true) passage.leave(kind, at, hourMs, false);
    }
  };

  test.each(['throttled', 'transient'] as const)(
    'that are %s shut no gate while others are accepted',
    (kind) => {
      const gates = new PushServiceGates(Date.now);
      answers(gates, flagged, 'accepted', 1);
      strangers(gates, kind, 1_000);
      expect(gates.shut('fcm', flagged, now)).toBeUndefined();
    },
  );

  test.each(['throttled', 'transient'] as const)('and are %s as probes do not shut it again', (kind) => {
    const gates = new PushServiceGates(Date.now);
    answers(gates, flagged, 'accepted', 1);
    answers(gates, flagged, kind, 100);
    const later = now + hourMs;
    strangers(gates, kind, 100, later);
    expect(gates.shut('fcm', flagged, later)).toBeUndefined();
    answers(gates, flagged, 'accepted', 1, later);
    expect(gates.passage('fcm', flagged).line).toBeUndefined();
  });
});

describe('a probe', () => {
  test('of a throttled application that is accepted lets the others go', () => {
    const gates = new PushServiceGates(Date.now);
    answers(gates, flagged, 'throttled', 10);
    const later = now + hourMs;
    expect(gates.isClosed('fcm 1')).toBe(false);
    answers(gates, flagged, 'accepted', 1, later);
    expect(gates.shut('fcm', flagged, later)).toBeUndefined();
    expect(gates.isClosed('fcm 1')).toBe(true);
  });

  test('that the push service throttles shows that it is there', () => {
    const gates = new PushServiceGates(Date.now);
    answers(gates, flagged, 'transient', 10);
    answers(gates, flagged, 'throttled', 1, now + hourMs);
    expect(gates.shut('fcm', other, now + hourMs)).toBeUndefined();
  });

  test('of a throttled application that gets no answer is followed by another', () => {
    const gates = new PushServiceGates(Date.now);
    answers(gates, flagged, 'throttled', 10);
    answers(gates, flagged, 'transient', 1, now + hourMs);
    expect(gates.passage('fcm', flagged).application.snapshot().state).toBe('half-open');
    expect(gates.shut('fcm', flagged, now + hourMs)).toBeUndefined();
  });
});

test('nobody waits or passes while all are turned away', async () => {
  const gates = new PushServiceGates(Date.now);
  const passage = gates.passage('fcm', other);
  while (passage.enter('bulk', () => now) === true);
  const waiting = passage.enter('bulk', () => now);
  gates.turnAway();
  expect(await waiting).toBe(false);
  expect(passage.enter('bulk', () => now)).toBe(false);
  expect(gates.passage('fcm', flagged).enter('transactional', () => now)).toBe(false);
  gates.admit();
  expect(gates.passage('fcm', flagged).enter('transactional', () => now)).toBe(true);
});
