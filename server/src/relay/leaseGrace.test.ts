import { LeaseGrace } from './leaseGrace';

describe('the grace for leases that ran out', () => {
  let now: number;
  let grace: LeaseGrace;

  beforeEach(() => {
    now = 1_000_000;
    grace = new LeaseGrace(() => now);
  });

  const answer = (afterMs: number) => {
    const askedAt = now;
    now += afterMs;
    grace.answered(askedAt);
  };
  const fail = (afterMs: number) => {
    const askedAt = now;
    now += afterMs;
    grace.failed(askedAt);
  };
  /** @returns for how long there is grace from now on, if nothing else happens: to the second */
  const graceMs = () => {
    const from = now;
    while (!grace.isOver) now += 1_000;
    const lasted = now - from;
    now = from;
    return lasted;
  };

  test('is none while the database is quick', () => {
    answer(5);
    expect(graceMs()).toBe(0);
  });

  test.each([
    ['a late answer', () => answer(4_000)],
    ['an answer that never came', () => fail(20_000)],
    ['a connection that was refused', () => fail(1)],
    ['this process stood still', () => grace.stoodStill()],
  ])('is ten seconds after %s, and quick answers make it no shorter', (_what, ail) => {
    ail();
    expect(graceMs()).toBe(10_000);
    answer(5);
    expect(graceMs()).toBe(10_000);
  });

  test('is ten seconds after an outage, however long that was', () => {
    for (let seconds = 0; seconds < 300; seconds += 1) fail(1_000);
    expect(grace.isOver).toBe(false);
    answer(5);
    expect(graceMs()).toBe(10_000);
  });

  test.each([
    ['answers late', () => answer(8_000)],
    [
      'fails half of what it is asked',
      () => {
        fail(4_000);
        answer(5);
      },
    ],
  ])('ends within a minute while the database %s', (_what, ail) => {
    for (let elapsed = 0; elapsed < 70_000; elapsed += 4_000) ail();
    expect(graceMs()).toBe(0);
    ail();
    expect(graceMs()).toBe(0);
  });

  test('is given again after an outage in the midst of slowness, and after a while that was quick', () => {
    for (let count = 0; count < 20; count += 1) answer(5_000);
    expect(graceMs()).toBe(0);
    for (let count = 0; count < 4; count += 1) fail(10_000);
    answer(5);
    expect(graceMs()).toBe(10_000);
    for (let count = 0; count < 20; count += 1) answer(5_000);
    expect(graceMs()).toBe(0);
    now += 20_000;
    answer(5_000);
    expect(graceMs()).toBe(10_000);
  });
});

test('leases are nobody’s to take while processes learn that the clock was set', () => {
  let now = 1_000_000;
  const grace = new LeaseGrace(() => now);
  expect(grace.isOver).toBe(true);
  now += 3_600_000;
  grace.clockStepped();
  expect(grace.isOver).toBe(false);
  now += 74_000;
  expect(grace.isOver).toBe(false);
  now += 1_000;
  expect(grace.isOver).toBe(true);
});

test.each<[string, (grace: LeaseGrace, askedAt: number) => void]>([
  ['an answer', (grace, askedAt) => grace.answered(askedAt)],
  ['a late answer', (grace, askedAt) => grace.answered(askedAt - 4_000)],
  ['a failure', (grace, askedAt) => grace.failed(askedAt)],
])('%s makes that no shorter', (_what, happen) => {
  let now = 1_000_000;
  const grace = new LeaseGrace(() => now);
  grace.clockStepped();
  happen(grace, now);
  grace.answered(now);
  now += 74_999;
  expect(grace.isOver).toBe(false);
});
