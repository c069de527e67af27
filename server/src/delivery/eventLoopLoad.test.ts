import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../test/support/until';
import { EventLoopLoad } from './eventLoopLoad';

/** Whatever else this process has to do meanwhile: in some tenth of a second it works, or waits, and does nothing else. */
test('tells a process that works without a pause from one that waits', async () => {
  const load = new EventLoopLoad();
  await until(async () => {
    await pause(150);
    return !load.isFull();
  }, 'a time of waiting');
  await until(async () => {
    const end = performance.now() + 150;
    while (performance.now() < end);
    await pause(0);
    return load.isFull();
  }, 'a time of work');
});
