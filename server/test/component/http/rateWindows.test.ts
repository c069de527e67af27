/** One limit for several processes, whose clocks do not agree to the second. */
import { randomUUID } from 'node:crypto';
import { RateLimiter } from '../../../src/graphql/admission/rateLimiter';
import { purge } from '../../../src/janitor/purge';
import { hourMs } from '../../../src/model/timeSpans';
import { silentLog } from '../../../src/observe/log';
import { describeEachDatabase } from '../../support/engines/engines';

const minuteMs = 60_000;
const limit = 100;

describeEachDatabase('requests that several processes count', (database) => {
  const begin = Math.floor(Date.now() / minuteMs) * minuteMs;
  let name = '';

  beforeEach(() => {
    name = randomUUID();
  });

  /** A process whose clock is so far from the begin of a minute. */
  const process = (byMs: number) => {
    const clock = { now: begin + byMs };
    const limiter = new RateLimiter(database(), silentLog, () => clock.now);
    const takes = async (count: number) => (await limiter.take({ name, limit }, count)).granted;
    return { takes, clock };
  };

  test('are counted together, and anew in each minute', async () => {
    const [one, other] = [process(0), process(1_000)];
    expect(await one.takes(60)).toBe(true);
    expect(await other.takes(60)).toBe(false);
    one.clock.now += minuteMs;
    expect(await one.takes(60)).toBe(true);
  });

  test('stay counted while one process is in the next minute and the other is not', async () => {
    const [ahead, behind] = [process(500), process(-500)];
    expect(await ahead.takes(60)).toBe(true);
    expect(await behind.takes(5)).toBe(true);
    expect(await ahead.takes(40)).toBe(false);
    behind.clock.now += 1_000;
    expect(await behind.takes(40)).toBe(false);
  });

  test('of a process whose clock is far ahead keep nobody from beginning anew', async () => {
    const [wrong, right] = [process(3_600_000), process(0)];
    expect(await wrong.takes(100)).toBe(true);
    expect(await right.takes(100)).toBe(true);
  });

  test('of an hour stay counted to its end, whatever is purged', async () => {
    const now = Math.floor(Date.now() / hourMs) * hourMs + hourMs - 1;
    const takes = async (count: number) =>
      (await new RateLimiter(database(), silentLog, () => now, hourMs).take({ name, limit }, count)).granted;
    expect(await takes(limit)).toBe(true);
    await purge({ database: database(), retentionDays: 0, statisticsDays: 0, now: () => now });
    expect(await takes(1)).toBe(false);
  });
});
