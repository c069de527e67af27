import { Comebacks } from './comebacks';

const now = 1_000_000;
const never = Number.MAX_SAFE_INTEGER;
const ill = 'ill.example.org';

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
