/** A push service that asks for an hour, and is well long before. */
import { resumePushService } from '../../../src/actions/pushService/resumePushService';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

const mockTimes = { firstProbeMs: 60_000 };

jest.mock('../../../src/delivery/probeTimes', () => ({
  maxProbeMs: 900_000,
  get firstProbeMs() {
    return mockTimes.firstProbeMs;
  },
}));

const people = 60;
const nearlyAnHourMs = 3_500_000;

describeEachInProcess('a push service that asks for an hour', (own) => {
  const count = async (condition: string) => {
    const rows = await own.engine.database.sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM ${condition}`,
    );
    return Number(rows[0]?.size);
  };
  const sendToEach = async (applicationId = own.engine.installation.applicationId) => {
    const key = await own.engine.vapidPublicKey();
    const notifications: number[] = [];
    for (let person = 0; person < people; person += 1) {
      const id = await own.engine.register(own.pushService.createUserAgent().subscribe(key), {
        applicationId,
      });
      const audience = { subscriptionIds: [id] };
      notifications.push(await own.engine.send({ applicationId, audience, ttlSeconds: 86_400 }));
    }
    return notifications;
  };
  const pause = async () => {
    own.pushService.script({ status: 429, headers: { 'retry-after': '3600' } });
    await own.engine.startWorker();
    const notifications = await sendToEach();
    const waiting = `dispatch WHERE publishedAt IS NULL AND dueAt > ${Date.now() + nearlyAnHourMs}`;
    await until(async () => (await count(waiting)) === people, 'everything to wait for an hour');
    return notifications;
  };
  const allAccepted = (many: number) =>
    until(
      async () => (await count('delivery WHERE status = 1')) === many,
      'everything to be accepted',
      30_000,
    );

  beforeEach(() => {
    mockTimes.firstProbeMs = 60_000;
  });

  test('is probed with single messages that were not told to wait, and gets everything once it is well', async () => {
    mockTimes.firstProbeMs = 500;
    await pause();
    const told = await count("dispatch WHERE heldBy = 'answer'");
    const posts = own.pushService.stats().posts;
    await until(() => own.pushService.stats().posts >= posts + 2, 'two probes', 20_000);
    expect(own.pushService.stats().posts).toBeLessThanOrEqual(posts + 4);
    const twice = 'delivery WHERE attempts > 1';
    expect(await count(twice)).toBe(0);
    expect(await count("dispatch WHERE heldBy = 'answer'")).toBeGreaterThan(told);
    own.pushService.clearScripts();
    await allAccepted(people);
  });

  test('stays paused over a restart, so that nothing overtakes what waits', async () => {
    mockTimes.firstProbeMs = 500;
    await pause();
    await own.engine.stopWorkers();
    await own.engine.startWorker();
    const later = await sendToEach();
    const held = `dispatch WHERE heldBy = 'gate' AND publishedAt IS NULL AND notificationId IN (${later.join(', ')})`;
    await until(async () => (await count(held)) === people, 'what was sent later to wait, too');
    own.pushService.clearScripts();
    await allAccepted(2 * people);
    const rows = await own.engine.database.sql.rows<{ notificationId: number; attempts: number }>(
      'SELECT notificationId, attempts FROM delivery ORDER BY acceptedAt, notificationId',
    );
    const isLater = ({ notificationId }: { notificationId: number }) =>
      later.includes(Number(notificationId));
    expect(rows.filter((row) => isLater(row) && row.attempts > 1)).toEqual([]);
    // some are under way at once
    expect(rows.slice(0, people / 2).filter(isLater)).toEqual([]);
  });

  test('gets everything at once from all workers when an administrator ends its pause', async () => {
    await own.engine.startWorker();
    await pause();
    own.pushService.clearScripts();
    await resumePushService(own.engine.database, `localhost:${own.pushService.port}`);
    await allAccepted(people);
    await expect(resumePushService(own.engine.database, 'nobody.example')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('stays paused for the other applications when the pause of one is ended', async () => {
    await pause();
    const second = await own.engine.addApplication();
    const ofSecond = await sendToEach(second);
    await until(
      async () => (await count('dispatch WHERE publishedAt IS NULL AND heldBy IS NOT NULL')) === 2 * people,
      'both to wait',
    );
    own.pushService.clearScripts();
    await resumePushService(own.engine.database, `localhost:${own.pushService.port}`, second);
    await allAccepted(people);
    const others = `notificationId NOT IN (${ofSecond.join(', ')})`;
    expect(await count(`delivery WHERE status = 1 AND ${others}`)).toBe(0);
    expect(await count(`dispatch WHERE publishedAt IS NULL AND dueAt > ${Date.now() + 3_000_000}`)).toBe(
      people,
    );
  });
});
