import { type ClockStep, DatabaseClock } from './databaseClock';

const hourMs = 3_600_000;

describe('the clock of a database', () => {
  let monotonic = 1_000;
  let wall = 1_700_000_000_000;
  /** The database's clock less this machine's. */
  let aheadMs = 0;
  /** For how long this machine was suspended. */
  let suspendedMs = 0;
  let steps: ClockStep[];
  let clock: DatabaseClock;
  const pass = (ms: number) => {
    monotonic += ms;
    wall += ms;
  };
  const uptime = () => monotonic + suspendedMs;
  /** Lets readings that were begun end. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    jest.spyOn(performance, 'now').mockImplementation(() => monotonic);
    jest.spyOn(Date, 'now').mockImplementation(() => wall);
    aheadMs = 0;
    suspendedMs = 0;
    steps = [];
    clock = new DatabaseClock(() => wall + aheadMs, uptime);
    clock.onStep((step) => steps.push(step));
    await clock.synchronise(true);
  });

  afterEach(() => jest.restoreAllMocks());

  test.each([0, 5_000, -5_000, hourMs])(
    'is the database’s, whatever the machine’s says: %d ms',
    async (ahead) => {
      aheadMs = ahead;
      const other = new DatabaseClock(() => wall + aheadMs);
      await other.synchronise(true);
      expect(other.now()).toBe(wall + ahead);
      expect(other.differenceMs + ahead).toBe(0);
      pass(1_234);
      expect(other.now()).toBe(wall + ahead);
    },
  );

  test.each([hourMs, -hourMs])('does not move with this machine’s clock: set by %d ms', (ms) => {
    const before = clock.now();
    wall += ms;
    aheadMs -= ms;
    expect(clock.now()).toBe(before);
    pass(1_000);
    expect(clock.now()).toBe(before + 1_000);
    expect(clock.differenceMs).toBe(ms);
  });

  test('follows a drift without a word, and never goes backward then', async () => {
    const before = clock.now();
    aheadMs = -500;
    await clock.synchronise();
    expect(clock.now()).toBe(before);
    pass(600);
    expect(clock.now()).toBe(before + 100);
    expect(steps).toEqual([]);
  });

  test.each([hourMs, -hourMs])('tells when the database’s clock was set by %d ms', async (ms) => {
    const before = clock.now();
    aheadMs = ms;
    await clock.synchronise();
    expect(clock.now()).toBe(before + ms);
    expect(steps).toEqual([{ byMs: ms, asleepMs: 0 }]);
  });

  test.each([hourMs, -hourMs])(
    'is read at once when the clock of a shared machine was set by %d ms',
    async (ms) => {
      const before = clock.now();
      wall += ms;
      clock.now();
      await settle();
      expect(clock.now()).toBe(before + ms);
      expect(steps).toEqual([{ byMs: ms, asleepMs: 0 }]);
      clock.now();
      await settle();
      expect(steps).toHaveLength(1);
    },
  );

  test('goes on where time has gone on while the machine was suspended: nobody has set it', async () => {
    const before = clock.now();
    wall += hourMs;
    suspendedMs += hourMs;
    clock.now();
    await settle();
    expect(clock.now()).toBe(before + hourMs);
    expect(steps).toEqual([{ byMs: 0, asleepMs: hourMs }]);
  });

  test('tells a clock that was set during a suspend from the suspend', async () => {
    const before = clock.now();
    wall += 3 * hourMs;
    suspendedMs += hourMs;
    clock.now();
    await settle();
    expect(clock.now()).toBe(before + 3 * hourMs);
    expect(steps).toEqual([{ byMs: 2 * hourMs, asleepMs: hourMs }]);
  });

  test('asks a database that does not answer after a suspend once a second, until it does', async () => {
    let asked = 0;
    let isAway = false;
    const away = new DatabaseClock(() => {
      asked += 1;
      if (isAway) throw new Error('away');
      return wall;
    }, uptime);
    await away.synchronise(true);
    const before = away.now();
    isAway = true;
    wall += hourMs;
    suspendedMs += hourMs;
    for (let count = 0; count < 10; count += 1) {
      away.now();
      await settle();
    }
    expect(asked).toBe(2);
    isAway = false;
    pass(1_000);
    away.now();
    await settle();
    expect(away.now()).toBe(before + hourMs + 1_000);
  });

  test('does not believe an answer that took long', async () => {
    const slow = new DatabaseClock(() => {
      pass(1_500);
      return wall + hourMs;
    });
    const before = slow.now();
    await slow.synchronise();
    expect(slow.now()).toBe(before + 1_500);
  });
});
