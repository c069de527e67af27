/** A dispatch whose worker died three times goes alone, is halved when its worker dies again, and waits as one delivery. */
import { redriveDispatches } from '../../../src/actions/deadDispatch/redriveDispatch';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

interface Row {
  id: number;
  deaths: number;
  isAlone: number;
  claims: number;
  dueAt: number;
  leaseUntil: number | null;
  first: number;
  last: number;
}

describeEachInProcess('a dispatch whose worker died three times', (own) => {
  const run = (statement: string) => own.engine.database.write((sql) => sql.run(statement));
  const dispatches = () =>
    own.engine.database.sql.rows<Row>(
      `SELECT id, deaths, isAlone, claims, dueAt, leaseUntil, firstSubscriptionId AS first,
         lastSubscriptionId AS last FROM dispatch ORDER BY id`,
    );
  const browsers = async (count: number, userId: string) => {
    const agents: SimulatedUserAgent[] = [];
    const ids: number[] = [];
    for (let made = 0; made < count; made += 1) {
      const agent = own.pushService.createUserAgent();
      const browser = agent.subscribe(await own.engine.vapidPublicKey());
      ids.push(await own.engine.register(browser, { userId }));
      agents.push(agent);
    }
    return { agents, ids };
  };
  const completed = (id: number) =>
    until(async () => {
      const [row] = await own.engine.database.sql.rows<Record<string, number | null>>(
        'SELECT targeted, accepted, expired, cancelled, completedAt FROM notification WHERE id = ?',
        [id],
      );
      return row?.completedAt === null ? undefined : row;
    }, 'the notification to complete');
  const suspect = async (deaths: number, isAlone: 0 | 1, userId = 'ada') => {
    const id = await own.engine.send({ audience: { userIds: [userId] } });
    await run(`UPDATE dispatch SET deaths = ${deaths}, isAlone = ${isAlone} WHERE notificationId = ${id}`);
    return id;
  };

  test('is sent while nothing else is under way, and others are sent after it', async () => {
    await browsers(1, 'ada');
    await browsers(1, 'ben');
    own.pushService.script({ delayMs: 300 });
    const first = await suspect(3, 0);
    const others = [await own.engine.send({ audience: { userIds: ['ben'] } })];
    await own.engine.startWorker();
    await until(
      async () => (await dispatches()).some(({ isAlone }) => isAlone === 1),
      'the run of the suspect',
    );
    others.push(await own.engine.send({ audience: { userIds: ['ben'] } }));
    const leased = await until(async () => {
      const rows = (await dispatches()).filter(({ leaseUntil }) => leaseUntil !== null);
      return rows.length > 0 ? rows : undefined;
    }, 'the suspect under way');
    expect(leased).toMatchObject([{ isAlone: 1, claims: 1 }]);
    expect(own.pushService.stats().activePosts).toBeLessThanOrEqual(1);
    for (const id of [first, ...others]) expect(await completed(id)).toMatchObject({ accepted: 1 });
  });

  test('waits for the POSTs that are under way, and not for what waits at a gate', async () => {
    const crowd = await browsers(100, 'crowd');
    await browsers(1, 'ada');
    own.pushService.script({ delayMs: 1_500 });
    const first = await suspect(3, 0);
    const hour = Date.now() + 3_600_000;
    await run(`UPDATE dispatch SET publishedAt = NULL, dueAt = ${hour}`);
    await own.engine.startWorker();
    const others = await own.engine.send({ audience: { userIds: ['crowd'] } });
    const posts = () => own.pushService.stats().activePosts;
    await until(() => posts() >= 30, 'as many POSTs as the gate lets pass');
    await run(`UPDATE dispatch SET dueAt = 1 WHERE dueAt = ${hour}`);
    await until(async () => (await dispatches()).some(({ isAlone }) => isAlone === 1), 'the suspect’s run');
    expect(own.pushService.requests.length).toBeLessThan(60);
    for (const id of [first, others]) expect(await completed(id)).not.toBeUndefined();
    expect(crowd.agents.map(({ receivedCount }) => receivedCount)).toEqual(crowd.agents.map(() => 1));
  });

  test('with many deliveries lets others in between, and what is left of it stays suspect', async () => {
    const crowd = await browsers(100, 'crowd');
    await browsers(1, 'ben');
    own.pushService.script({ delayMs: 1_500 });
    const large = await suspect(3, 0, 'crowd');
    await own.engine.startWorker();
    await until(async () => (await dispatches()).some(({ isAlone }) => isAlone === 1), 'the suspect’s run');
    const other = await own.engine.send({ audience: { userIds: ['ben'] } });
    expect(await completed(other)).toMatchObject({ accepted: 1 });
    const left = await dispatches();
    expect(left.length).toBeGreaterThan(0);
    expect(left.map(({ deaths }) => deaths)).toEqual(left.map(() => 3));
    expect(await completed(large)).toMatchObject({ accepted: 100 });
    expect(crowd.agents.map(({ receivedCount }) => receivedCount)).toEqual(crowd.agents.map(() => 1));
  });

  test('is halved when its worker died while it was alone, and nothing of it is lost or sent twice', async () => {
    const { agents, ids } = await browsers(5, 'ada');
    const notificationId = await suspect(4, 1);
    await own.engine.startWorker();
    const halves = await until(async () => {
      const rows = await dispatches();
      return rows.length === 2 ? rows : undefined;
    }, 'two halves');
    expect(halves.map(({ first, last, deaths }) => ({ first, last, deaths }))).toEqual([
      { first: ids[0], last: ids[1], deaths: 3 },
      { first: ids[2], last: ids[4], deaths: 3 },
    ]);
    expect(await completed(notificationId)).toMatchObject({ targeted: 5, accepted: 5 });
    expect(agents.map(({ receivedCount }) => receivedCount)).toEqual([1, 1, 1, 1, 1]);
  });

  test.each([
    [4, 60_000],
    [6, 240_000],
  ])('waits as one delivery, with %i deaths for %i ms, or until it is redriven', async (deaths, pauseMs) => {
    await browsers(1, 'ada');
    const before = Date.now();
    const notificationId = await suspect(deaths, 1);
    await own.engine.startWorker();
    const [row] = await until(async () => {
      const rows = await dispatches();
      return rows[0] && rows[0].dueAt > before + 10_000 ? rows : undefined;
    }, 'the wait');
    expect(row).toMatchObject({ deaths, isAlone: 0, claims: 0, leaseUntil: null });
    expect(Number(row?.dueAt) - before).toBeGreaterThanOrEqual(pauseMs);
    expect(Number(row?.dueAt) - before).toBeLessThan(pauseMs * 1.9);
    const { database, installation } = own.engine;
    expect(await redriveDispatches({ database }, installation.applicationId)).toBe(1);
    expect(await completed(notificationId)).toMatchObject({ accepted: 1 });
  });

  test('waits no longer than its time lasts, and then expires', async () => {
    await browsers(1, 'ada');
    const notificationId = await suspect(9, 1);
    await run(`UPDATE notification SET deadlineAt = ${Date.now() + 3_000}`);
    await own.engine.startWorker();
    expect(await completed(notificationId)).toMatchObject({ expired: 1 });
  });

  test('is handed back by a worker that stops, and counts no death', async () => {
    await browsers(1, 'ada');
    await suspect(3, 0);
    own.pushService.script({ delayMs: 10_000 });
    const worker = await own.engine.startWorker();
    await until(() => own.pushService.stats().activePosts === 1, 'the POST');
    await worker.stop(10);
    expect(await dispatches()).toMatchObject([{ deaths: expect.any(Number), leaseUntil: null }]);
    expect((await dispatches())[0]?.deaths).toBeLessThanOrEqual(3);
  });

  test('many of them are sent in ever larger runs', async () => {
    await browsers(1, 'ada');
    own.pushService.script({ delayMs: 400 });
    const ids: number[] = [];
    for (let count = 0; count < 15; count += 1) ids.push(await suspect(3, 0));
    await own.engine.startWorker();
    const most = await until(
      () => (own.pushService.stats().activePosts >= 4 ? own.pushService.stats().activePosts : undefined),
      'a run of several',
    );
    expect(most).toBeLessThanOrEqual(8);
    for (const id of ids) expect(await completed(id)).toMatchObject({ accepted: 1 });
  });
});
