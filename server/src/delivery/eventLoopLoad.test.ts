import { setTimeout as pause } from 'node:timers/promises';
import { EventLoopLoad } from './eventLoopLoad';

test('tells a process that works without a pause from one that waits', async () => {
  const load = new EventLoopLoad();
  await pause(150);
  expect(load.isFull(1_000)).toBe(false);
  const until = performance.now() + 150;
  while (performance.now() < until);
  await pause(0);
  // too soon to look again
  expect(load.isFull(1_050)).toBe(false);
  expect(load.isFull(1_200)).toBe(true);
});
