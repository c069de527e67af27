import type { Lane } from '../../model/lane';
import { maxLimit, minLimit, PushServiceGate, startLimit } from './pushServiceGate';
import { PushServiceGates } from './pushServiceGates';

const now = 1_000_000;

/** Enters and leaves at once, so many times. */
function answers(
  gate: PushServiceGate,
  kind: 'accepted' | 'transient' | 'throttled',
  count: number,
  at = now,
): void {
  for (let time = 0; time < count; time += 1) {
    if (gate.enter('bulk', at) === true) gate.leave(kind, at);
  }
}

describe('the concurrency limit', () => {
  test('lets so many in and no more', () => {
    const gate = new PushServiceGate();
    const entered = Array.from({ length: startLimit + 3 }, () => gate.enter('transactional', now));
    expect(entered.filter((each) => each === true)).toHaveLength(startLimit);
    expect(gate.snapshot()).toMatchObject({ underWay: startLimit, waiting: 3 });
  });

  test('keeps one place in eight for named people', () => {
    const gate = new PushServiceGate();
    const enter = (lane: Lane) => Array.from({ length: startLimit }, () => gate.enter(lane, now));
    expect(enter('bulk').filter((each) => each === true)).toHaveLength((startLimit * 7) / 8);
    expect(enter('transactional').filter((each) => each === true)).toHaveLength(startLimit / 8);
    expect(gate.snapshot()).toMatchObject({ underWay: startLimit, waiting: startLimit });
  });

  test('keeps the last place for named people when it is smallest', () => {
    const gate = new PushServiceGate();
    answers(gate, 'transient', 10);
    const later = now + 1_000;
    gate.enter('bulk', later);
    gate.leave('accepted', later);
    const entered = Array.from({ length: minLimit }, () => gate.enter('bulk', later));
    expect(entered.filter((each) => each === true)).toHaveLength(minLimit - 1);
    expect(gate.enter('transactional', later)).toBe(true);
  });

  test('grows while answers are good, up to its bound', () => {
    const gate = new PushServiceGate();
    answers(gate, 'accepted', startLimit);
    expect(gate.snapshot().limit).toBeGreaterThan(startLimit);
    answers(gate, 'accepted', 20_000);
    expect(gate.snapshot().limit).toBe(maxLimit);
  });

  test('halves on trouble, at most once a second', () => {
    const gate = new PushServiceGate();
    answers(gate, 'accepted', 40);
    const before = gate.snapshot().limit;
    answers(gate, 'throttled', 3);
    expect(gate.snapshot().limit).toBe(Math.floor(before / 2));
    answers(gate, 'accepted', 40, now + 1_000);
    answers(gate, 'throttled', 1, now + 1_000);
    expect(gate.snapshot().limit).toBeLessThan(before / 2 + 10);
  });

  test('shrinks to where it started while the process has no time left, and grows again after', () => {
    let full = false;
    const gate = new PushServiceGate(() => full);
    answers(gate, 'accepted', 20_000);
    full = true;
    answers(gate, 'accepted', maxLimit);
    expect(gate.snapshot().limit).toBe(maxLimit - maxLimit / 8);
    answers(gate, 'accepted', 20_000);
    expect(gate.snapshot().limit).toBe(startLimit);
    full = false;
    answers(gate, 'accepted', startLimit);
    expect(gate.snapshot().limit).toBeGreaterThan(startLimit);
  });

  test('lets a message to named people in before a broadcast', async () => {
    const gate = new PushServiceGate();
    for (let place = 0; place < startLimit; place += 1) gate.enter('transactional', now);
    const order: string[] = [];
    const waiting = [
      Promise.resolve(gate.enter('bulk', now)).then(() => order.push('bulk')),
      Promise.resolve(gate.enter('transactional', now)).then(() => order.push('transactional')),
    ];
    for (let place = 0; place < startLimit; place += 1) gate.leave('accepted', now);
    await Promise.all(waiting);
    expect(order).toEqual(['transactional', 'bulk']);
  });
});

describe('the circuit breaker', () => {
  test('opens when most answers are trouble, and keeps deliveries back', () => {
    const gate = new PushServiceGate();
    answers(gate, 'transient', 10);
    expect(gate.snapshot().state).toBe('open');
    expect(gate.enter('transactional', now)).toBe(false);
    expect(gate.shutUntil(now)).toBe(now + 1_000);
    expect(gate.reopensAt).toBe(now + 1_000);
  });

  test.each([
    ['closed', 'a third failed', 2, 'transient', 1],
    ['open', 'two thirds failed', 1, 'transient', 2],
    ['closed', 'two thirds were throttled', 1, 'throttled', 2],
    ['closed', 'four of five were throttled', 2, 'throttled', 8],
    ['open', 'all but a few were throttled', 1, 'throttled', 9],
  ] as const)('is %s when %s', (state, _what, accepted, trouble, troubled) => {
    const gate = new PushServiceGate();
    for (let round = 0; round < 20; round += 1) {
      answers(gate, 'accepted', accepted);
      answers(gate, trouble, troubled);
    }
    expect(gate.snapshot().state).toBe(state);
  });

  test('sends those who wait away when it opens', async () => {
    const gate = new PushServiceGate();
    for (let place = 0; place < startLimit; place += 1) gate.enter('bulk', now);
    const waiting = gate.enter('bulk', now);
    for (let place = 0; place < startLimit; place += 1) gate.leave('transient', now);
    await expect(waiting).resolves.toBe(false);
  });

  test('honours the wish of the push service', () => {
    const gate = new PushServiceGate();
    for (let time = 0; time < 10; time += 1) {
      gate.enter('bulk', now);
      gate.leave('throttled', now, 120_000);
    }
    expect(gate.reopensAt).toBe(now + 120_000);
  });

  test('lets no further dispatch look while the probe is under way', () => {
    const gate = new PushServiceGate();
    answers(gate, 'transient', 10);
    const later = now + 1_000;
    expect(gate.shutUntil(later)).toBeUndefined();
    expect(gate.enter('transactional', later)).toBe(true);
    expect(gate.shutUntil(later)).toBe(later + 500);
    gate.leave('accepted', later);
    expect(gate.shutUntil(later)).toBeUndefined();
  });

  test.each([
    ['closes on a good answer, with the smallest limit', 'accepted', { state: 'closed', limit: minLimit }],
    ['opens for longer on a bad one', 'transient', { state: 'open', reopensAt: now + 1_000 + 2_000 }],
  ] as const)('half-open it lets one probe through and %s', (_what, kind, expected) => {
    const gate = new PushServiceGate();
    answers(gate, 'transient', 10);
    const later = now + 1_000;
    expect(gate.enter('bulk', later)).toBe(true);
    expect(gate.enter('bulk', later)).not.toBe(true);
    gate.leave(kind, later);
    expect(gate.snapshot()).toMatchObject(expected);
  });
});

describe('the probes of a long pause', () => {
  const hourMs = 3_600_000;
  const paused = () => {
    const gate = new PushServiceGate();
    for (let time = 0; time < 10; time += 1) {
      if (gate.enter('bulk', now) === true) gate.leave('transient', now, hourMs);
    }
    return gate;
  };
  /** @returns how long it takes until the gate wants its next probe, in minutes */
  const minutesToProbe = (gate: PushServiceGate, from: number) => {
    for (let minutes = 1; minutes <= 60; minutes += 1)
      if (gate.wantsProbe(from + minutes * 60_000)) return minutes;
    return undefined;
  };

  test('come after a minute, then twice as late each time, up to a quarter of an hour', () => {
    const gate = paused();
    const distances: (number | undefined)[] = [];
    for (let at = now, probe = 0; probe < 6; probe += 1) {
      const minutes = minutesToProbe(gate, at);
      distances.push(minutes);
      at += (minutes ?? 0) * 60_000;
      gate.beginProbe(at);
      expect(gate.enter('bulk', at)).toBe(false);
      expect(gate.enter('bulk', at, true)).toBe(true);
      gate.leave('transient', at, hourMs);
      expect(gate.shutUntil(at)).toBe(at + hourMs);
    }
    expect(distances).toEqual([1, 2, 4, 8, 15, 15]);
  });

  test('end the pause when one is accepted', () => {
    const gate = paused();
    gate.beginProbe(now + 60_000);
    expect(gate.enter('bulk', now + 60_000, true)).toBe(true);
    expect(gate.wantsProbe(now + 300_000)).toBe(false);
    gate.leave('accepted', now + 60_500);
    expect([gate.isClosed, gate.isPaused]).toEqual([true, false]);
  });

  test('move with the clock', () => {
    const gate = paused();
    gate.moveWithClock(hourMs);
    expect(minutesToProbe(gate, now)).toBeUndefined();
    expect(minutesToProbe(gate, now + hourMs)).toBe(1);
  });

  test('are not made where a breaker is open for a minute at most', () => {
    const gate = new PushServiceGate();
    answers(gate, 'transient', 10);
    expect(gate.isClosed).toBe(false);
    expect([gate.isPaused, gate.wantsProbe(now + hourMs)]).toEqual([false, false]);
  });

  test.each([
    ['by hand', (gate: PushServiceGate) => gate.resume()],
    ['by nothing', () => undefined],
  ])('a pause is ended %s', async (by, end) => {
    const gate = paused();
    end(gate);
    expect([gate.isClosed, gate.isPaused]).toEqual(by === 'by hand' ? [true, false] : [false, true]);
    expect(gate.enter('bulk', now)).toBe(by === 'by hand');
  });
});

test('every push service has a gate of its own', () => {
  const gates = new PushServiceGates(Date.now);
  answers(gates.of('ill.example.org'), 'transient', 10, Date.now());
  expect(gates.of('ill.example.org').isClosed).toBe(false);
  expect(gates.of('other.example.org').isClosed).toBe(true);
});

test.each([7_200_000, -7_200_000])('a pause lasts as long when the clock is set by %d ms', (byMs) => {
  const gate = new PushServiceGate();
  answers(gate, 'transient', 10);
  const pauseMs = gate.reopensAt - now;
  expect(pauseMs).toBeGreaterThan(0);
  gate.moveWithClock(byMs);
  const later = now + byMs;
  expect(gate.shutUntil(later)).toBe(later + pauseMs);
  expect(gate.enter('bulk', later + pauseMs - 1)).toBe(false);
  expect(gate.enter('bulk', later + pauseMs)).toBe(true);
});

describe('failures of subscriptions that never worked', () => {
  const strangersFail = (gate: PushServiceGate, count: number, at: number) => {
    for (let time = 0; time < count; time += 1) {
      if (gate.enter('bulk', at) === true) gate.leave('transient', at, undefined, false);
    }
  };

  test('neither open the gate nor lower its limit while the push service accepts others', () => {
    const gate = new PushServiceGate();
    answers(gate, 'accepted', 1);
    strangersFail(gate, 200, now + 59_000);
    expect(gate.snapshot()).toMatchObject({ state: 'closed', limit: startLimit });
  });

  test('count where it accepts nothing: a new installation has a breaker too', () => {
    const gate = new PushServiceGate();
    strangersFail(gate, 10, now);
    expect(gate.isClosed).toBe(false);
    const quiet = new PushServiceGate();
    answers(quiet, 'accepted', 1);
    strangersFail(quiet, 40, now + 61_000);
    expect(quiet.isClosed).toBe(false);
  });

  test('hide no failures of those that worked', () => {
    const gate = new PushServiceGate();
    answers(gate, 'accepted', 1);
    strangersFail(gate, 100, now);
    answers(gate, 'transient', 10);
    expect(gate.isClosed).toBe(false);
  });
});
