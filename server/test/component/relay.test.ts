import { type Database, openDatabase } from '../../src/database/openDatabase';
import type { Lane } from '../../src/model/lane';
import { silentLog } from '../../src/observe/log';
import type { DispatchMessage, DispatchQueue } from '../../src/queue/dispatchQueue';
import { type Relay, startRelay } from '../../src/relay/relay';
import { describeEachKind } from '../support/engines';
import { type FreshDatabase, freshDatabase } from '../support/freshDatabase';
import { until } from '../support/until';

/** A broker that can forget, refuse and lie about what it holds. */
class ScriptedQueue implements DispatchQueue {
  connected = true;
  blocked = false;
  refuses = false;
  held: DispatchMessage[] = [];
  published: number[] = [];
  dead = 0;

  async publish(_lane: Lane, messages: readonly DispatchMessage[]): Promise<DispatchMessage[]> {
    if (this.refuses) return [];
    this.held.push(...messages);
    this.published.push(...messages.map((message) => message.dispatchId));
    return [...messages];
  }

  consume(): never {
    throw new Error('nobody consumes here');
  }

  async depth(lane: Lane): Promise<number> {
    return lane === 'bulk' ? this.held.length : 0;
  }

  async deadLetters(): Promise<number> {
    return this.dead;
  }

  onChange(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.held = [];
  }
}

describeEachKind('the relay', (kind) => {
  let fresh: FreshDatabase;
  let database: Database;
  let queue: ScriptedQueue;
  let relays: Relay[];
  let now: number;

  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    database = await openDatabase(fresh.target);
    await database.migrate();
    queue = new ScriptedQueue();
    relays = [];
    now = Date.now();
  });

  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await database.close();
    await fresh.drop();
  });

  const start = async (soleProcess = false, given: Partial<Parameters<typeof startRelay>[0]> = {}) => {
    const relay = await startRelay({
      database,
      queue,
      log: silentLog,
      now: () => now,
      monotonicNow: () => now,
      soleProcess,
      poll: true,
      ...given,
    });
    relays.push(relay);
    return relay;
  };

  const insert = async (
    change: Partial<Record<'dueAt' | 'publishedAt' | 'leaseUntil' | 'deadAt', number>> = {},
    lane: Lane = 'bulk',
  ) => {
    const { dueAt = now - 1, publishedAt = null, leaseUntil = null, deadAt = null } = change;
    const { insertId } = await database.write((sql) =>
      sql.run(
        `INSERT INTO dispatch (notificationId, lane, pushService, firstSubscriptionId, lastSubscriptionId, dueAt,
           publishedAt, leaseUntil, deadAt) VALUES (1, ?, 'fcm', 1, 1, ?, ?, ?, ?)`,
        [lane, dueAt, publishedAt, leaseUntil, deadAt],
      ),
    );
    return insertId;
  };
  /** Proves that the relay is at work, and not just slow, before saying that something did not happen. */
  const afterAnotherRound = async () => {
    const proof = await insert();
    await until(() => queue.published.includes(proof), 'a dispatch that is due to be published');
  };

  test('stops after the batch at hand, however much is due', async () => {
    for (let count = 0; count < 401; count += 1) await insert();
    let stopped: Promise<void> | undefined;
    jest.spyOn(queue, 'publish').mockImplementation(async (_lane, messages) => {
      stopped ??= relay.then(({ stop }) => stop());
      queue.published.push(...messages.map((message) => message.dispatchId));
      return [...messages];
    });
    const relay = start();
    await until(() => queue.published.length > 0, 'the first batch');
    await stopped;
    expect(queue.published).toHaveLength(200);
  });

  test('publishes what is due, and each once', async () => {
    const due = await Promise.all([insert(), insert(), insert()]);
    await start();
    await until(() => queue.published.length >= 3, 'three dispatches');
    await afterAnotherRound();
    expect(queue.published.slice(0, 3).sort()).toEqual(due.sort());
    expect(queue.published).toHaveLength(4);
  });

  test.each([
    ['not yet due', () => ({ dueAt: now + 60_000 })],
    ['published before', () => ({ publishedAt: now })],
    ['set aside', () => ({ deadAt: now })],
  ])('leaves what is %s', async (_what, change) => {
    await insert(change());
    await start();
    await afterAnotherRound();
    expect(queue.published).toHaveLength(1);
  });

  test('two relays do not publish the same dispatch', async () => {
    for (let count = 0; count < 60; count += 1) await insert();
    await Promise.all([start(), start()]);
    await until(() => queue.published.length >= 60, 'all to be published');
    expect(new Set(queue.published).size).toBe(queue.published.length);
  });

  test('what the broker did not confirm is due again', async () => {
    queue.refuses = true;
    // as an accepted notification's is, whose message follows the commit
    const id = await insert({ publishedAt: now });
    const relay = await start();
    expect(await relay.publishNow('bulk', [{ dispatchId: id, notificationId: 1 }])).toBe(0);
    queue.refuses = false;
    await until(() => queue.published.includes(id), 'the second try');
  });

  /** The relay looks every two seconds for what is lost, and believes only what it has seen twice. */
  const untilPublishedAgain = (id: number) =>
    until(() => {
      now += 500;
      return queue.published.includes(id);
    }, 'the lost dispatch');

  test('what a broker that came back empty no longer holds is published again', async () => {
    const id = await insert({ publishedAt: now - 11_000 });
    await start();
    await untilPublishedAgain(id);
  });

  /** Steps the clock until the relay has looked so often for what is lost: at each look it asks a lane once. */
  const afterLooks = async (count: number, depth: () => Promise<number>) => {
    let looks = 0;
    jest.spyOn(queue, 'depth').mockImplementation(async (lane) => {
      if (lane !== 'transactional') return 0;
      looks += 1;
      return depth();
    });
    await start();
    await until(() => {
      now += 500;
      return looks >= count;
    }, 'the relay to have looked');
    await afterAnotherRound();
  };
  const insertPublished = () => insert({ publishedAt: now - 11_000 }, 'transactional');

  test('what the broker still holds is not', async () => {
    const id = await insertPublished();
    await afterLooks(5, async () => 1);
    expect(queue.published).not.toContain(id);
  });

  test('nor is what workers are just taking from it, one after another', async () => {
    const ids: number[] = [];
    while (ids.length < 8) ids.push(await insertPublished());
    // as ever, one message is out of the queue and its dispatch not yet claimed
    let taken = 0;
    await afterLooks(5, async () => {
      const claimed = ids[taken - 1];
      taken += 1;
      const left = ids.length - taken;
      if (claimed !== undefined)
        await database.write((sql) =>
          sql.run('UPDATE dispatch SET leaseUntil = ? WHERE id = ?', [now + 600_000, claimed]),
        );
      return left;
    });
    expect(ids.filter((id) => queue.published.includes(id))).toEqual([]);
  });

  test('what others have overtaken is published again, however many messages wait', async () => {
    const lost = await insert({ publishedAt: now - 60_000 });
    const waiting = await insert({ publishedAt: now - 35_000 });
    await insert({ publishedAt: now - 20_000, leaseUntil: now + 600_000 });
    for (let other = 1_000; other < 1_010; other += 1)
      queue.held.push({ dispatchId: other, notificationId: 1 });
    await start();
    await untilPublishedAgain(lost);
    await afterAnotherRound();
    expect(queue.published).not.toContain(waiting);
  });

  test("a dead worker's dispatch is published again when its lease runs out, and not before", async () => {
    const id = await insert({ publishedAt: now - 60_000, leaseUntil: now + 5_000 });
    queue.held.push({ dispatchId: id, notificationId: 1 });
    await start();
    await afterAnotherRound();
    expect(queue.published).not.toContain(id);
    await until(() => {
      // in steps, or else a statement that is under way would look like a slow one
      now += 500;
      return queue.published.includes(id);
    }, 'the dispatch of the dead worker');
  });

  test('a sole process takes back at its start what was under way when it died', async () => {
    const id = await insert({ publishedAt: now, leaseUntil: now + 600_000 });
    await start(true);
    await until(() => queue.published.includes(id), 'the dispatch that was under way');
  });

  test.each([
    ['does not answer', () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))],
    [
      'answers late',
      async () => {
        now += 4_000;
      },
    ],
  ])('after a database that %s, holders of leases get time before they lose them', async (_what, ail) => {
    let away = true;
    let asked = 0;
    const rows: Database['sql']['rows'] = async (...query) => {
      if (away) {
        asked += 1;
        await ail();
      }
      return database.sql.rows(...query);
    };
    await start(false, { database: { ...database, sql: { ...database.sql, rows } } });
    await until(() => asked > 1, 'a round in vain');
    const id = await insert({ publishedAt: now - 60_000, leaseUntil: now - 1 });
    queue.held.push({ dispatchId: id, notificationId: 1 });
    away = false;
    await afterAnotherRound();
    now += 5_000;
    await afterAnotherRound();
    expect(queue.published).not.toContain(id);
    await until(() => {
      // in steps, or else a statement that is under way would look like a slow one
      now += 500;
      return queue.published.includes(id);
    }, 'the dispatch of a worker that is really dead');
  });

  test('a database that stays slow keeps the leases of dead workers no longer than a minute', async () => {
    const slow = async <T>(work: () => Promise<T>): Promise<T> => {
      now += 4_000;
      return work();
    };
    const rows: Database['sql']['rows'] = (...query) => slow(() => database.sql.rows(...query));
    const began = now;
    await start(false, { database: { ...database, sql: { ...database.sql, rows } } });
    await until(() => now > began, 'the first late answer');
    const id = await insert({ publishedAt: began - 60_000, leaseUntil: began });
    queue.held.push({ dispatchId: id, notificationId: 1 });
    await until(() => queue.published.includes(id), 'the dispatch of the dead worker');
    expect(now - began).toBeGreaterThan(60_000);
  });

  test.each([
    ['a first time', { deaths: 0, isAlone: 0 }, 1],
    ['a third time', { deaths: 2, isAlone: 0 }, 3],
    ['next to others, with suspects', { deaths: 3, isAlone: 0 }, 3],
    ['with nothing else under way', { deaths: 3, isAlone: 1 }, 4],
  ])(
    'the death of a worker %s counts for its dispatches alone, and is no failure',
    async (_what, before, deaths) => {
      const died = await insert({ publishedAt: now - 60_000, leaseUntil: now - 1 });
      const waiting = await insert({ publishedAt: now - 1, dueAt: now + 600_000 });
      await database.write((sql) =>
        sql.run('UPDATE dispatch SET deaths = ?, isAlone = ?, claims = 1', [before.deaths, before.isAlone]),
      );
      queue.held.push({ dispatchId: waiting, notificationId: 1 });
      await start(Boolean(before.isAlone));
      await until(() => queue.published.includes(died), 'the dispatch of the dead worker');
      const rows = await database.sql.rows('SELECT id, deaths, claims, isAlone FROM dispatch ORDER BY id');
      expect(rows).toMatchObject([
        { id: died, deaths, claims: 0, isAlone: before.isAlone },
        { id: waiting, deaths: before.deaths, claims: 1 },
      ]);
    },
  );

  test('a queue that confirms nothing keeps neither the other lane nor expired leases waiting', async () => {
    let confirm = () => {};
    const publish = queue.publish.bind(queue);
    const bulk = jest.fn(
      () =>
        new Promise<DispatchMessage[]>((resolve) => {
          confirm = () => resolve([]);
        }),
    );
    jest
      .spyOn(queue, 'publish')
      .mockImplementation((lane, messages) => (lane === 'bulk' ? bulk() : publish(lane, messages)));
    await insert();
    await start();
    await until(() => bulk.mock.calls.length > 0, 'a publish of the bulk lane to hang');
    const one = await insert({}, 'transactional');
    const leased = await insert({ publishedAt: now - 60_000, leaseUntil: now - 1 }, 'transactional');
    now += 2_100;
    await until(() => queue.published.includes(one), 'the dispatch that is due');
    await until(() => queue.published.includes(leased), 'the dispatch of a dead worker');
    expect(bulk).toHaveBeenCalledTimes(1);
    confirm();
  });

  test('a lane in which much is due keeps neither the other lane nor expired leases waiting', async () => {
    for (let count = 0; count < 401; count += 1) await insert({}, 'transactional');
    const bulk = await insert();
    const leased = await insert({ publishedAt: now - 60_000, leaseUntil: now + 2_000 });
    queue.held.push({ dispatchId: leased, notificationId: 1 });
    const others = () => [bulk, leased].every((id) => queue.published.includes(id));
    const publish = queue.publish.bind(queue);
    let batches = 0;
    jest.spyOn(queue, 'publish').mockImplementation(async (lane, messages) => {
      // several at once must not look like a database that is slow
      now += 900;
      if (lane === 'transactional') batches += 1;
      // the rest of the lane is still due when the others must have had their turn
      if (lane === 'transactional' && batches === 3) await until(others, 'the others');
      return publish(lane, messages);
    });
    await start();
    await until(() => queue.published.length >= 403, 'everything to be published');
  });

  test('says once that dead letters have grown, and again when there are more', async () => {
    const error = jest.fn();
    queue.dead = 2;
    await start(false, { log: { ...silentLog, error } as unknown as typeof silentLog });
    await afterAnotherRound();
    await until(() => error.mock.calls.length === 1, 'the first line');
    now += 31_000;
    await afterAnotherRound();
    now += 31_000;
    queue.dead = 3;
    await until(() => error.mock.calls.length === 2, 'the second line');
    expect(error.mock.calls.map(([fields]) => fields)).toEqual([{ deadLetters: 2 }, { deadLetters: 3 }]);
  });
});
