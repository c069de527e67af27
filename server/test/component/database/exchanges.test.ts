/** How often a process and MySQL or MariaDB talk to each other for one call or message: that is most of its cost. */
import { PoolConnection } from 'mysql2';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { describeWith } from '../../support/engines/available';
import { type InProcess, startInProcess } from '../../support/engines/inProcess';
import { until } from '../../support/until';

describeWith(['mysql'], 'exchanges with the database', () => {
  let pushService: LocalPushService;
  let engine: InProcess;
  let query: jest.SpyInstance;

  beforeEach(async () => {
    query = jest.spyOn(PoolConnection.prototype, 'query');
    pushService = await startLocalPushService();
    engine = await startInProcess('mysql', pushService);
  });

  afterEach(async () => {
    await engine.stop();
    await pushService.stop();
    jest.restoreAllMocks();
  });

  /** The first words of each; left out is what greets a new connection, and what is asked by the clock. */
  const exchangesOf = async (work: () => Promise<unknown>) => {
    query.mockClear();
    await work();
    const texts = query.mock.calls.map(([{ sql }]: [{ sql: string }]) => sql);
    return texts
      .filter((text) => !/^SELECT|^SET SESSION|push_service_state/.test(text))
      .map((text) => text.split(/ \(|=|\n/)[0]);
  };
  const register = async (tags: string[]) =>
    engine.register(pushService.createUserAgent().subscribe(await engine.vapidPublicKey()), {
      ...{ userId: 'ada', tags },
    });

  test('to register a browser are two', async () => {
    expect(await exchangesOf(() => register(['news', 'sport']))).toEqual([
      'START TRANSACTION;',
      'INSERT INTO push_subscription',
    ]);
  });

  test('to accept a message for one user are two, and to deliver it three', async () => {
    await register([]);
    // the first accept of a browser is noted, in the last of the three
    await engine.database.write((sql) => sql.run('UPDATE push_subscription SET neverAcceptedSince = NULL'));
    const accepting = await exchangesOf(() => engine.send({ audience: { userIds: ['ada'] } }));
    expect(accepting).toEqual(['START TRANSACTION;', 'UPDATE notification SET targeted ']);
    const delivering = await exchangesOf(async () => {
      await engine.startWorker();
      await until(async () => {
        const open = await engine.database.sql.rows('SELECT 1 FROM notification WHERE completedAt IS NULL');
        return open.length === 0;
      }, 'the notification to complete');
    });
    expect(delivering).toEqual([
      'UPDATE dispatch SET deaths ',
      'START TRANSACTION;',
      'DELETE FROM dispatch WHERE id ',
    ]);
  });

  test('to accept a broadcast is one', async () => {
    await register([]);
    expect(await exchangesOf(() => engine.send({ audience: { everyone: true } }))).toEqual([
      'START TRANSACTION;',
    ]);
  });
});
