import { until } from '../../../test/support/until';
import { Isolation } from './isolation';

const restMs = 1_000;

describe('a run of suspects', () => {
  let now: number;
  let isolation: Isolation;
  /** Whether deliveries pass the gates. */
  let passes: boolean;
  const gates = {
    turnAway: () => {
      passes = false;
    },
    admit: () => {
      passes = true;
    },
  };
  const quick = { leastRestMs: 0, gatherMs: 1, longestWaitMs: 1, sendMs: 1 };

  beforeEach(() => {
    now = 0;
    passes = true;
    const timing = { leastRestMs: restMs, gatherMs: 1, longestWaitMs: 60_000, sendMs: 60_000 };
    isolation = new Isolation(gates, () => now, timing);
    now = restMs;
  });

  const turns = async () => {
    for (let count = 0; count < 10; count += 1) await Promise.resolve();
  };
  /** A suspect that enters, and asks to go apart. */
  const suspect = () => {
    expect(isolation.enter()).toBe(true);
    const seen = { begun: false, isAlone: false, again: undefined as number | undefined, end: () => {} };
    const ends = new Promise<void>((resolve) => {
      seen.end = resolve;
    });
    const gone = isolation
      .apart(async (isAlone) => {
        Object.assign(seen, { begun: true, isAlone });
        await ends;
      })
      .then((again) => {
        seen.again = again;
        isolation.leave();
      });
    return Object.assign(seen, { gone });
  };

  test('waits for what is under way, and new work waits for its end', async () => {
    isolation.enter();
    const apart = suspect();
    const later = isolation.enter();
    await turns();
    expect(apart.begun).toBe(false);
    isolation.leave();
    await turns();
    expect(apart).toMatchObject({ begun: true, isAlone: true });
    let entered = false;
    void Promise.resolve(later).then(() => {
      entered = true;
    });
    await turns();
    expect(entered).toBe(false);
    apart.end();
    expect(await later).toBe(true);
  });

  test('turns away what waits at a gate until it begins, and what of it waits there after a while', async () => {
    isolation = new Isolation(gates, () => now, quick);
    isolation.enter();
    const apart = suspect();
    await turns();
    expect(passes).toBe(false);
    isolation.leave();
    expect(passes).toBe(true);
    await until(() => !passes, 'the end of the time for POSTs');
    apart.end();
    await apart.gone;
    expect(passes).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(passes).toBe(true);
  });

  test('keeps nobody waiting for longer than told', async () => {
    isolation = new Isolation(gates, () => now, quick);
    const apart = suspect();
    expect(await isolation.enter()).toBe(false);
    apart.end();
    await apart.gone;
    expect(isolation.enter()).toBe(true);
  });

  test('comes no sooner after the start of a process, or another run, than after a rest', async () => {
    now = restMs - 300;
    const early = suspect();
    await early.gone;
    expect(early).toMatchObject({ begun: false, again: 300 });
    now = restMs;
    const long = suspect();
    await turns();
    const second = isolation.apart(async () => {});
    expect(await second).toBe(restMs);
    now += 4_000;
    long.end();
    await long.gone;
    const next = suspect();
    await next.gone;
    expect(next).toMatchObject({ begun: false, again: 4_000 });
  });

  test('has one suspect, then two, then four, as long as nobody dies', async () => {
    for (const size of [1, 2, 4]) {
      const all = Array.from({ length: size }, suspect);
      await turns();
      expect(all.map(({ begun, isAlone }) => [begun, isAlone])).toEqual(all.map(() => [true, size === 1]));
      for (const { end } of all) end();
      await Promise.all(all.map(({ gone }) => gone));
      now += restMs;
    }
  });

  test('begins with fewer when no more come', async () => {
    const first = suspect();
    first.end();
    await first.gone;
    now += restMs;
    const second = suspect();
    second.end();
    await second.gone;
    expect(second).toMatchObject({ begun: true, isAlone: true });
  });

  test('ends also when its work fails', async () => {
    isolation.enter();
    await expect(isolation.apart(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    isolation.leave();
    expect(isolation.enter()).toBe(true);
  });
});
