import { silentLog } from '../observe/log';
import { openEmbeddedQueue } from '../queue/embeddedQueue';
import { Recovery } from './recovery';
import type { WatchedDatabase } from './watchDatabase';

test.each([
  ['runs', 900, 0],
  ['stood still', 12_000, 1],
])(
  'a process that %s, with %d ms between two looks, gives time to renew leases %d times',
  async (_what, gapMs, times) => {
    let monotonicMs = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => monotonicMs);
    const stoodStill = jest.fn();
    const recovery = new Recovery(
      {
        database: { sql: { rows: async () => [] } } as unknown as WatchedDatabase,
        elapsed: () => performance.now(),
        grace: { stoodStill, isOver: false },
        queue: openEmbeddedQueue(),
        log: silentLog,
      },
      Date.now,
    );
    await recovery.runIfDue();
    monotonicMs += gapMs;
    await recovery.runIfDue();
    expect(stoodStill).toHaveBeenCalledTimes(times);
    jest.restoreAllMocks();
  },
);
