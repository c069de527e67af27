import type { Database } from '../../../src/database/openDatabase';
import { describeRelay } from '../../support/engines/describeRelay';
import { until } from '../../support/until';

describeRelay('what was lost on the way', (own) => {
  const { start, insert, afterAnotherRound } = own;

  /** The relay looks every two seconds for what is lost, and believes only what it has seen twice. */
  const untilPublishedAgain = (id: number) =>
    until(() => {
      own.now += 500;
      return own.queue.published.includes(id);
    }, 'the lost dispatch');

  test('what a broker that came back empty no longer holds is published again', async () => {
    const id = await insert({ publishedAt: own.now - 11_000 });
    await start();
    await untilPublishedAgain(id);
  });

  /** Steps the clock until the relay has looked so often for what is lost: at each look it asks a lane once. */
  const afterLooks = async (count: number, depth: () => Promise<number>) => {
    let looks = 0;
    jest.spyOn(own.queue, 'depth').mockImplementation(async (lane) => {
      if (lane !== 'transactional') return 0;
      looks += 1;
      return depth();
    });
    await start();
    await until(() => {
      own.now += 500;
      return looks >= count;
    }, 'the relay to have looked');
    await afterAnotherRound();
  };
  const insertPublished = () => insert({ publishedAt: own.now - 11_000 }, 'transactional');

  test('what the broker still holds is not', async () => {
    const id = await insertPublished();
    await afterLooks(5, async () => 1);
    expect(own.queue.published).not.toContain(id);
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
        await own.database.write((sql) =>
          sql.run('UPDATE dispatch SET leaseUntil = ? WHERE id = ?', [own.now + 600_000, claimed]),
        );
      return left;
    });
    expect(ids.filter((id) => own.queue.published.includes(id))).toEqual([]);
  });

  test('what others have overtaken is published again, however many messages wait', async () => {
    const lost = await insert({ publishedAt: own.now - 60_000 });
    const waiting = await insert({ publishedAt: own.now - 35_000 });
    await insert({ publishedAt: own.now - 20_000, leaseUntil: own.now + 600_000 });
    for (let other = 1_000; other < 1_010; other += 1)
      own.queue.held.push({ dispatchId: other, notificationId: 1 });
    await start();
    await untilPublishedAgain(lost);
    await afterAnotherRound();
    expect(own.queue.published).not.toContain(waiting);
  });

  test('what was lost before the clock was set back is published again', async () => {
    const id = await insert({ publishedAt: own.now + 3_600_000 });
    await start();
    await untilPublishedAgain(id);
  });

  test('what waits is not taken for overtaken after the clock was set back', async () => {
    const taken = await insert({ publishedAt: own.now, leaseUntil: own.now + 600_000 }, 'transactional');
    let looks = 0;
    jest.spyOn(own.queue, 'depth').mockImplementation(async (lane) => {
      if (lane === 'bulk') return 0;
      looks += 1;
      return 1;
    });
    await start();
    const before = await insertPublished();
    await until(() => looks >= 2, 'the relay to have looked');
    await own.database.write((sql) => sql.run(`DELETE FROM dispatch WHERE id IN (${taken}, ${before})`));
    own.now -= 3_600_000;
    const waiting = await insertPublished();
    const looked = looks;
    await until(() => {
      own.now += 500;
      return looks >= looked + 5;
    }, 'the relay to have looked again');
    await afterAnotherRound();
    expect(own.queue.published).not.toContain(waiting);
  });

  test("a dead worker's dispatch is published again when its lease runs out, and not before", async () => {
    const id = await insert({ publishedAt: own.now - 60_000, leaseUntil: own.now + 5_000 });
    own.queue.held.push({ dispatchId: id, notificationId: 1 });
    await start();
    await afterAnotherRound();
    expect(own.queue.published).not.toContain(id);
    await until(() => {
      // in steps, or else a statement that is under way would look like a slow one
      own.now += 500;
      return own.queue.published.includes(id);
    }, 'the dispatch of the dead worker');
  });

  test('a sole process takes back at its start what was under way when it died', async () => {
    const id = await insert({ publishedAt: own.now, leaseUntil: own.now + 600_000 });
    await start(true);
    await until(() => own.queue.published.includes(id), 'the dispatch that was under way');
  });

  test.each([
    ['does not answer', () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))],
    [
      'answers late',
      async () => {
        own.now += 4_000;
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
      return own.database.sql.rows(...query);
    };
    await start(false, { database: { ...own.database, sql: { ...own.database.sql, rows } } });
    await until(() => asked > 1, 'a round in vain');
    const id = await insert({ publishedAt: own.now - 60_000, leaseUntil: own.now - 1 });
    own.queue.held.push({ dispatchId: id, notificationId: 1 });
    away = false;
    await afterAnotherRound();
    own.now += 5_000;
    await afterAnotherRound();
    expect(own.queue.published).not.toContain(id);
    await until(() => {
      // in steps, or else a statement that is under way would look like a slow one
      own.now += 500;
      return own.queue.published.includes(id);
    }, 'the dispatch of a worker that is really dead');
  });

  test('a database that stays slow keeps the leases of dead workers no longer than a minute', async () => {
    const slow = async <T>(work: () => Promise<T>): Promise<T> => {
      own.now += 4_000;
      return work();
    };
    const rows: Database['sql']['rows'] = (...query) => slow(() => own.database.sql.rows(...query));
    const began = own.now;
    await start(false, { database: { ...own.database, sql: { ...own.database.sql, rows } } });
    await until(() => own.now > began, 'the first late answer');
    const id = await insert({ publishedAt: began - 60_000, leaseUntil: began });
    own.queue.held.push({ dispatchId: id, notificationId: 1 });
    await until(() => own.queue.published.includes(id), 'the dispatch of the dead worker');
    expect(own.now - began).toBeGreaterThan(60_000);
  });

  test.each([
    ['a first time', { deaths: 0, isAlone: 0 }, 1],
    ['a third time', { deaths: 2, isAlone: 0 }, 3],
    ['next to others, with suspects', { deaths: 3, isAlone: 0 }, 3],
    ['with nothing else under way', { deaths: 3, isAlone: 1 }, 4],
  ])(
    'the death of a worker %s counts for its dispatches alone, and is no failure',
    async (_what, before, deaths) => {
      const died = await insert({ publishedAt: own.now - 60_000, leaseUntil: own.now - 1 });
      const waiting = await insert({ publishedAt: own.now - 1, dueAt: own.now + 600_000 });
      await own.database.write((sql) =>
        sql.run('UPDATE dispatch SET deaths = ?, isAlone = ?, claims = 1', [before.deaths, before.isAlone]),
      );
      own.queue.held.push({ dispatchId: waiting, notificationId: 1 });
      await start(Boolean(before.isAlone));
      await until(() => own.queue.published.includes(died), 'the dispatch of the dead worker');
      const rows = await own.database.sql.rows(
        'SELECT id, deaths, claims, isAlone FROM dispatch ORDER BY id',
      );
      expect(rows).toMatchObject([
        { id: died, deaths, claims: 0, isAlone: before.isAlone },
        { id: waiting, deaths: before.deaths, claims: 1 },
      ]);
    },
  );
});
