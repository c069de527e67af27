import { Comebacks } from './comebacks';

const now = 1_000_000;
const never = Number.MAX_SAFE_INTEGER;
const ill = 'ill.example.org';
const lane = 'transactional';

const waitingLine = (length: number) => {
  const comebacks = new Comebacks(() => now);
  const times = Array.from({ length }, (_, id) => {
    const at = comebacks.next(lane, ill, now, never);
    comebacks.waits({ id, notificationId: id, lane }, ill, at);
    return at;
  });
  return { comebacks, times };
};

test('those that wait for one push service come back one behind the other', () => {
  const { times } = waitingLine(1_000);
  expect(times.slice(0, 3)).toEqual([now, now + 100, now + 200]);
  expect(times.at(-1)).toBe(now + 99_900);
});

test('the more they are, the closer they come, so that the line lasts for some ten minutes', () => {
  const { times } = waitingLine(40_000);
  const [last = 0, first = 0] = [times.at(-1), times[0]];
  expect(last - first).toBeGreaterThan(600_000);
  expect(last - first).toBeLessThan(2_000_000);
  expect(last - (times.at(-2) ?? 0)).toBeLessThan(20);
});

test('nobody comes back before the push service does, whoever came back earlier', () => {
  const comebacks = new Comebacks(() => now);
  comebacks.next('transactional', ill, now, never);
  expect(comebacks.next('transactional', ill, now + 60_000, never)).toBe(now + 60_000);
});

test('every lane and push service has a line of its own', () => {
  const comebacks = new Comebacks(() => now);
  for (let count = 0; count < 100; count += 1) comebacks.next('transactional', ill, now, never);
  expect(comebacks.next('bulk', ill, now, never)).toBe(now);
  expect(comebacks.next('transactional', 'other.example.org', now, never)).toBe(now);
});

test('what runs out of time before its turn comes back to be ended, and keeps nobody waiting', () => {
  const comebacks = new Comebacks(() => now);
  for (let count = 0; count < 100; count += 1) comebacks.next('bulk', ill, now, never);
  expect(comebacks.next('bulk', ill, now, now + 500)).toBe(now + 500);
  expect(comebacks.next('bulk', ill, now, never)).toBe(now + 10_000);
});

test.each([7_200_000, -600_000])(
  'a line keeps its order and pauses when the clock is set by %d ms',
  (byMs) => {
    let time = now;
    const comebacks = new Comebacks(() => time);
    for (const id of [1, 2]) {
      const at = comebacks.next(lane, ill, now + 60_000, never);
      comebacks.waits({ id, notificationId: id, lane }, ill, at);
    }
    time += byMs;
    comebacks.moveWithClock(byMs);
    expect(comebacks.next(lane, ill, time, never)).toBe(time + 60_200);
    expect(comebacks.call(lane, ill, 2, time + 59_999).map(({ dispatchId }) => dispatchId)).toEqual([1, 2]);
  },
);

describe('when the push service takes messages again', () => {
  const lineOf = (length: number) => {
    const comebacks = new Comebacks(() => now);
    const wait = (id: number, earliest = now + 60_000) =>
      comebacks.waits({ id, notificationId: id, lane }, ill, comebacks.next(lane, ill, earliest, never));
    const waiting = Array.from({ length }, (_, index) => index + 1);
    for (const id of waiting) wait(id);
    return { comebacks, wait, waiting };
  };

  const references = (ids: number[]) => ids.map((id) => ({ dispatchId: id, notificationId: id }));

  test('those at the head of the line are called first, and nobody twice', () => {
    const { comebacks, waiting } = lineOf(5);
    const call = (most: number) => comebacks.call(lane, ill, most, now).map(({ dispatchId }) => dispatchId);
    expect([call(2), call(0), call(2), call(2), call(2)]).toEqual([
      waiting.slice(0, 2),
      [],
      waiting.slice(2, 4),
      waiting.slice(4),
      [],
    ]);
  });

  test('a line ends with the last of it', () => {
    const { comebacks } = lineOf(2);
    expect(comebacks.areWaiting(lane, ill)).toBe(true);
    comebacks.call(lane, ill, 2, now);
    expect(comebacks.areWaiting(lane, ill)).toBe(false);
  });

  test('nobody of another line is', () => {
    const { comebacks } = lineOf(1);
    expect(comebacks.areWaiting('bulk', ill)).toBe(false);
    expect(comebacks.call('bulk', ill, 40, now)).toEqual([]);
    expect(comebacks.call(lane, 'other.example.org', 40, now)).toEqual([]);
  });

  test('those whose time has come are on their way already', () => {
    const { comebacks, waiting } = lineOf(100);
    expect(comebacks.call(lane, ill, 40, now + 60_500)).toEqual(references(waiting.slice(6, 46)));
  });

  test('who is put off again stands at the end, and at the head when nobody waits any more', () => {
    const { comebacks, wait, waiting } = lineOf(3);
    const [first = 0, ...others] = waiting;
    wait(first);
    expect(comebacks.call(lane, ill, 40, now)).toEqual(references([...others, first]));
    expect(comebacks.next('transactional', ill, now + 5, never)).toBe(now + 5);
  });
});
