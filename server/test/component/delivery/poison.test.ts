/** A dispatch that fails ten times is set aside with its reason, and comes back by itself or when it is redriven. */

import { redriveDispatch, redriveDispatches } from '../../../src/actions/deadDispatch/redriveDispatch';
import { listDeadDispatches } from '../../../src/views/deadDispatch/listDeadDispatches';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

/** What a dispatch that got stuck for the first time waits at the least. */
const firstPauseMs = 2_000;

describeEachInProcess('a poison dispatch', (own) => {
  const run = (statement: string) => own.engine.database.write((sql) => sql.run(statement));
  const browser = async (userId: string) => {
    const agent = own.pushService.createUserAgent();
    const id = await own.engine.register(agent.subscribe(await own.engine.vapidPublicKey()), { userId });
    return { agent, id };
  };
  const dead = async () => {
    const page = await listDeadDispatches(own.engine.database, own.engine.installation.applicationId, {
      first: 10,
    });
    return page.rows;
  };
  const claims = async () => {
    const [row] = await own.engine.database.sql.rows<{ claims: number }>('SELECT claims FROM dispatch');
    return Number(row?.claims);
  };
  /** The pauses between the tries would take minutes. */
  const hasten = () => run('UPDATE dispatch SET dueAt = 1 WHERE deadAt IS NULL AND leaseUntil IS NULL');
  const setAside = () =>
    until(async () => {
      const [found] = await dead();
      if (!found) await hasten();
      return found;
    }, 'the dispatch to be set aside');
  const completed = (id: number) =>
    until(async () => {
      const [row] = await own.engine.database.sql.rows<Record<string, number | null>>(
        'SELECT targeted, accepted, expired, cancelled, completedAt FROM notification WHERE id = ?',
        [id],
      );
      return row?.completedAt === null ? undefined : row;
    }, 'the notification to complete');
  /** Content that no worker can read, in a notification that is otherwise fine. */
  const sendPoison = async () => {
    const notificationId = await own.engine.send({
      audience: { userIds: ['ada'] },
      content: { title: 'Hello' },
    });
    await run("UPDATE notification SET content = '{'");
    return notificationId;
  };
  const redrive = async (dispatchId: number) => {
    await run(`UPDATE notification SET content = '{"title":"Hello"}'`);
    await redriveDispatch(
      { database: own.engine.database },
      own.engine.installation.applicationId,
      dispatchId,
    );
  };

  test('makes no hot loop', async () => {
    await browser('ada');
    await sendPoison();
    await own.engine.startWorker();
    const setBack = await until(async () => {
      const [row] = await own.engine.database.sql.rows<Record<string, number | null>>(
        'SELECT claims, dueAt, publishedAt FROM dispatch WHERE claims > 0 AND leaseUntil IS NULL',
      );
      return row;
    }, 'the end of the first try');
    const [{ createdAt } = { createdAt: 0 }] = await own.engine.database.sql.rows<{ createdAt: number }>(
      'SELECT createdAt FROM notification',
    );
    expect(setBack).toMatchObject({ claims: 1, publishedAt: null });
    expect(Number(setBack.dueAt) - createdAt).toBeGreaterThanOrEqual(firstPauseMs);
  });

  test('is set aside after ten tries, says why, and is delivered once it is redriven', async () => {
    const { agent } = await browser('ada');
    const notificationId = await sendPoison();
    await own.engine.startWorker();
    const [{ id }, tries] = [await setAside(), await claims()];
    expect(tries).toBe(10);
    expect(await dead()).toEqual([
      expect.objectContaining({
        ...{ notificationId, lane: 'transactional', deliveries: 1 },
        deadReason: 'failed 10 times: loading failed: SyntaxError',
      }),
    ]);
    expect(agent.receivedCount).toBe(0);
    await redrive(id);
    expect(await completed(notificationId)).toMatchObject({ accepted: 1, targeted: 1 });
    expect(agent.receivedCount).toBe(1);
    expect(await dead()).toEqual([]);
  });

  test('comes back by itself: when it fails again after twice as long, and is delivered once it can be', async () => {
    const { agent } = await browser('ada');
    const notificationId = await sendPoison();
    await own.engine.startWorker();
    const waitsMs = async () => {
      const [row] = await own.engine.database.sql.rows<{ dueAt: number; deadAt: number; claims: number }>(
        'SELECT dueAt, deadAt, claims FROM dispatch WHERE deadAt IS NOT NULL',
      );
      return row && { failures: row.claims, ms: row.dueAt - row.deadAt };
    };
    await setAside();
    expect(await waitsMs()).toEqual({ failures: 10, ms: 60_000 });
    await run('UPDATE dispatch SET dueAt = 1');
    await until(async () => (await waitsMs())?.failures === 11, 'another failure');
    expect(await waitsMs()).toEqual({ failures: 11, ms: 120_000 });
    await run(`UPDATE notification SET content = '{"title":"Hello"}'`);
    await run('UPDATE dispatch SET dueAt = 1');
    expect(await completed(notificationId)).toMatchObject({ accepted: 1, targeted: 1 });
    expect(agent.receivedCount).toBe(1);
  });

  test('is redriven together with all others of its application, and of no other', async () => {
    const { agent } = await browser('ada');
    const notificationIds = [await sendPoison(), await sendPoison()];
    await own.engine.startWorker();
    await until(async () => {
      if ((await dead()).length === 2) return true;
      await hasten();
      return false;
    }, 'two dispatches to be set aside');
    const { database, installation } = own.engine;
    await run(`UPDATE notification SET content = '{"title":"Hello"}'`);
    expect(await redriveDispatches({ database }, installation.applicationId + 1)).toBe(0);
    expect(await redriveDispatches({ database }, installation.applicationId)).toBe(2);
    for (const id of notificationIds) expect(await completed(id)).toMatchObject({ accepted: 1 });
    expect(agent.receivedCount).toBe(2);
  });

  test('ends as EXPIRED when nobody redrives it in time', async () => {
    await browser('ada');
    const notificationId = await sendPoison();
    await own.engine.startWorker();
    await setAside();
    await run('UPDATE notification SET deadlineAt = 1');
    expect(await completed(notificationId)).toMatchObject({ expired: 1, targeted: 1 });
    expect(await dead()).toEqual([]);
  });

  test('ends as CANCELLED when its notification is cancelled', async () => {
    await browser('ada');
    const notificationId = await sendPoison();
    await own.engine.startWorker();
    await setAside();
    await run("UPDATE notification SET status = 'CANCELLED'");
    expect(await completed(notificationId)).toMatchObject({ cancelled: 1, targeted: 1 });
  });

  test('that holds one rotten delivery makes the others wait for nothing and come once', async () => {
    const [rotten, ...sound] = [await browser('ada'), await browser('ada'), await browser('ada')];
    await run(`UPDATE push_subscription SET vapidKeyId = 4711 WHERE id = ${rotten.id}`);
    const notificationId = await own.engine.send({ audience: { userIds: ['ada'] } });
    await own.engine.startWorker();
    await setAside();
    expect((await dead())[0]).toMatchObject({ deliveries: 1 });
    expect(sound.map(({ agent }) => agent.receivedCount)).toEqual([1, 1]);
    await run('UPDATE push_subscription SET vapidKeyId = 1');
    await redrive((await dead())[0]?.id ?? 0);
    expect(await completed(notificationId)).toMatchObject({ accepted: 3, targeted: 3 });
    expect([rotten, ...sound].map(({ agent }) => agent.receivedCount)).toEqual([1, 1, 1]);
  });

  test("of another application is nobody else's to redrive", async () => {
    await browser('ada');
    await sendPoison();
    await own.engine.startWorker();
    const { id } = await setAside();
    const foreign = redriveDispatch(
      { database: own.engine.database },
      own.engine.installation.applicationId + 1,
      id,
    );
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await dead()).toHaveLength(1);
  });
});
