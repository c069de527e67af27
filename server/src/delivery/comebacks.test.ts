import { Comebacks } from './comebacks';

const now = 1_000_000;
const never = Number.MAX_SAFE_INTEGER;
const ill = 'ill.example.org';
const lane = 'transactional';

test('those that wait for one push service come back one behind the other', () => {
  const comebacks = new Comebacks();
  const times = Array.from({ length: 1_000 }, () => comebacks.next('transactional', ill, now, never));
  expect(times.slice(0, 3)).toEqual([now, now + 10, now + 20]);
  expect(times.at(-1)).toBe(now + 9_990);
});

test('nobody comes back before the push service does, whoever came back earlier', () => {
  const comebacks = new Comebacks();
  comebacks.next('transactional', ill, now, never);
  expect(comebacks.next('transactional', ill, now + 60_000, never)).toBe(now + 60_000);
});

test('every lane and push service has a line of its own', () => {
  const comebacks = new Comebacks();
  for (let count = 0; count < 100; count += 1) comebacks.next('transactional', ill, now, never);
  expect(comebacks.next('bulk', ill, now, never)).toBe(now);
  expect(comebacks.next('transactional', 'other.example.org', now, never)).toBe(now);
});

test('what runs out of time before its turn comes back to be ended, and keeps nobody waiting', () => {
  const comebacks = new Comebacks();
  for (let count = 0; count < 100; count += 1) comebacks.next('bulk', ill, now, never);
  expect(comebacks.next('bulk', ill, now, now + 500)).toBe(now + 500);
  expect(comebacks.next('bulk', ill, now, never)).toBe(now + 1_000);
});

describe('when the push service takes messages again', () => {
  const lineOf = (length: number) => {
    const comebacks = new Comebacks();
    const wait = (id: number, earliest = now + 60_000) =>
      comebacks.waits({ id, lane, pushService: ill }, comebacks.next(lane, ill, earliest, never));
    const waiting = Array.from({ length }, (_, index) => index + 1);
    for (const id of waiting) wait(id);
    return { comebacks, wait, waiting };
  };

  test('those at the head of the line are called first, and nobody twice', () => {
    const { comebacks, waiting } = lineOf(5);
    const call = (most: number) => comebacks.call(lane, ill, most, now);
    expect([call(2), call(0), call(2), call(2), call(2)]).toEqual([
      waiting.slice(0, 2),
      [],
      waiting.slice(2, 4),
      waiting.slice(4),
      [],
    ]);
  });

  test('nobody of another line is', () => {
    const { comebacks } = lineOf(1);
    expect(comebacks.call('bulk', ill, 40, now)).toEqual([]);
    expect(comebacks.call(lane, 'other.example.org', 40, now)).toEqual([]);
  });

  test('those whose time has come are on their way already', () => {
    const { comebacks, waiting } = lineOf(100);
    expect(comebacks.call(lane, ill, 40, now + 60_500)).toEqual(waiting.slice(51, 91));
  });

  test('who is put off again stands at the end, and at the head when nobody waits any more', () => {
    const { comebacks, wait, waiting } = lineOf(3);
    const [first = 0, ...others] = waiting;
    wait(first);
    expect(comebacks.call(lane, ill, 40, now)).toEqual([...others, first]);
    expect(comebacks.next('transactional', ill, now + 5, never)).toBe(now + 5);
  });
});
