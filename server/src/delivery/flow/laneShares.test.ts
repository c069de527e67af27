import { LaneShares } from './laneShares';

const slow = 'slow.example.org';

function filled(now = () => 0): LaneShares {
  const shares = new LaneShares({ bulk: 8, transactional: 64 }, now);
  for (let place = 0; place < 6; place += 1) expect(shares.enter('bulk', slow)).toBe(true);
  return shares;
}

test('a push service has three quarters of a lane, the others and the other lane have theirs', async () => {
  const shares = filled();
  const seventh = shares.enter('bulk', slow);
  expect(shares.enter('bulk', 'other.example.org')).toBe(true);
  expect(shares.enter('transactional', slow)).toBe(true);
  expect(await seventh).toBe('busy');
});

test('a lane that holds more has more to share', () => {
  const shares = filled();
  const admitted = Array.from({ length: 50 }, () => shares.enter('transactional', slow));
  expect(admitted.filter((each) => each === true)).toHaveLength(48);
});

test('a place that becomes free goes to who waits for it', async () => {
  const shares = filled();
  const [seventh, eighth] = [shares.enter('bulk', slow), shares.enter('bulk', slow)];
  shares.leave('bulk', slow, 100);
  shares.leave('bulk', slow, 100);
  expect(await Promise.all([seventh, eighth])).toEqual([true, true]);
  shares.leave('bulk', slow, 100);
  expect(shares.enter('bulk', slow)).toBe(true);
});

test('a dispatch of a broadcast waits a second for a place, one to named people a tenth of it', async () => {
  jest.useFakeTimers();
  try {
    const shares = new LaneShares({ bulk: 1, transactional: 1 });
    const settled: string[] = [];
    for (const lane of ['bulk', 'transactional'] as const) {
      shares.enter(lane, slow);
      void Promise.resolve(shares.enter(lane, slow)).then((entry) => settled.push(`${lane} ${entry}`));
    }
    await jest.advanceTimersByTimeAsync(999);
    expect(settled).toEqual(['transactional busy']);
    await jest.advanceTimersByTimeAsync(2);
    expect(settled).toEqual(['transactional busy', 'bulk busy']);
  } finally {
    jest.useRealTimers();
  }
});

test('once somebody waited in vain nobody waits, and all come back ever later, until a place becomes free', async () => {
  let now = 0;
  const shares = filled(() => now);
  expect(await shares.enter('bulk', slow)).toBe('busy');
  expect(shares.enter('bulk', slow)).toBe('stuck');
  expect(shares.comeBackMs('bulk', slow)).toBe(500);
  now = 4_000;
  expect(shares.comeBackMs('bulk', slow)).toBe(4_000);
  now = 60_000;
  expect(shares.comeBackMs('bulk', slow)).toBe(10_000);
  shares.leave('bulk', slow, 100);
  expect(shares.enter('bulk', slow)).toBe(true);
  expect(shares.enter('bulk', slow)).toBeInstanceOf(Promise);
});

test('a push service whose places come free slowly keeps nobody waiting, until it is quick again', () => {
  const shares = new LaneShares({ bulk: 8, transactional: 64 });
  const fill = () => Array.from({ length: 48 }, () => shares.enter('transactional', slow));
  fill();
  for (let answer = 0; answer < 48; answer += 1) shares.leave('transactional', slow, 2_000);
  fill();
  expect(shares.enter('transactional', slow)).toBe('stuck');
  for (let answer = 0; answer < 48; answer += 1) shares.leave('transactional', slow, 50);
  fill();
  expect(shares.enter('transactional', slow)).toBeInstanceOf(Promise);
});

test('with one place there is nothing to share', () => {
  expect(new LaneShares({ bulk: 1, transactional: 1 }).enter('bulk', slow)).toBe(true);
});
