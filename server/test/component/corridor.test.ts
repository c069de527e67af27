import { Delivery } from '../../src/database/entities/delivery';
import { Notification } from '../../src/database/entities/notification';
import { PushSubscription } from '../../src/database/entities/pushSubscription';
import { cancelNotification } from '../../src/intake/cancelNotification';
import type { LocalPushService } from '../../src/localPushService/localPushService';
import type { SimulatedUserAgent } from '../../src/localPushService/simulatedUserAgent';
import { startLocalPushService } from '../../src/localPushService/startLocalPushService';
import { describeEachKind } from '../support/engines';
import { type InProcess, startInProcess } from '../support/inProcess';
import { until } from '../support/until';

describeEachKind('the delivery corridor', (kind) => {
  let pushService: LocalPushService;
  let engine: InProcess;

  beforeEach(async () => {
    pushService = await startLocalPushService();
    engine = await startInProcess(kind, pushService);
  });

  afterEach(async () => {
    await engine.stop();
    await pushService.stop();
  });

  const browser = async (
    userId: string,
  ): Promise<{ agent: SimulatedUserAgent; endpoint: string; id: number }> => {
    const agent = pushService.createUserAgent();
    const subscription = agent.subscribe(await engine.vapidPublicKey());
    return { agent, endpoint: subscription.endpoint, id: await engine.register(subscription, { userId }) };
  };
  const notification = (id: number) => engine.database.entities.findOneByOrFail(Notification, { id });
  const completed = (id: number) =>
    until(async () => {
      const row = await notification(id);
      expectSum(row);
      return row.completedAt === null ? undefined : row;
    }, 'the notification to complete');
  const expectSum = (row: Notification) => {
    const settled = row.accepted + row.gone + row.rejected + row.expired + row.exhausted + row.cancelled;
    expect(settled).toBeLessThanOrEqual(row.targeted);
    if (row.completedAt !== null) expect(settled).toBe(row.targeted);
  };
  const dispatches = async () => (await engine.database.sql.rows('SELECT id FROM dispatch')).length;

  test('every device of a user decrypts what was sent', async () => {
    const devices = [await browser('ada'), await browser('ada'), await browser('ada'), await browser('bob')];
    await engine.startWorker();
    const id = await engine.send({
      audience: { userIds: ['ada'] },
      content: { title: 'Grüße 👋', body: 'für dich' },
    });
    const row = await completed(id);
    expect(row).toMatchObject({ status: 'COMPLETED', targeted: 3, accepted: 3 });
    const seen = devices.map(({ agent }) =>
      agent.received.map((message) => JSON.parse(message.plaintext ?? '{}')),
    );
    expect(seen.map((messages) => messages.length)).toEqual([1, 1, 1, 0]);
    expect(seen[0]?.[0]).toMatchObject({
      web_push: 8030,
      notification: { title: 'Grüße 👋', body: 'für dich' },
    });
    expect(await dispatches()).toBe(0);
  });

  test('a broadcast reaches everybody who has the tag', async () => {
    for (let count = 0; count < 25; count += 1) await browser(`user-${count}`);
    await engine.startWorker();
    const id = await engine.send({ audience: { everyone: true } });
    expect(await completed(id)).toMatchObject({ targeted: 25, accepted: 25, lane: 'bulk' });
  });

  test('410 retires that subscription alone', async () => {
    const [gone, alive] = [await browser('ada'), await browser('ada')];
    pushService.script({ subscription: gone.endpoint, status: 410 });
    await engine.startWorker();
    const row = await completed(await engine.send({ audience: { userIds: ['ada'] } }));
    expect(row).toMatchObject({ accepted: 1, gone: 1 });
    const retired = await engine.database.entities.findBy(PushSubscription, {});
    expect(retired.map((each) => [each.id, each.retiredReason])).toEqual([
      [gone.id, 'gone'],
      [alive.id, null],
    ]);
  });

  test.each([
    ['500', { status: 500 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' } }],
    ['a reset', { reset: true as const }],
  ])('%s is tried again and ends ACCEPTED', async (_name, fault) => {
    const { agent, id: subscriptionId } = await browser('ada');
    pushService.script({ ...fault, times: 2 });
    await engine.startWorker();
    const id = await engine.send({ audience: { userIds: ['ada'] } });
    expect(await completed(id)).toMatchObject({ accepted: 1, targeted: 1 });
    const delivery = await engine.database.entities.findOneByOrFail(Delivery, {
      notificationId: id,
      subscriptionId,
    });
    expect(delivery).toMatchObject({ attempts: 3, httpStatus: 201, reason: 'accepted' });
    expect(await engine.database.sql.rows('SELECT attempt FROM attempt ORDER BY attempt')).toHaveLength(2);
    expect(agent.receivedCount).toBe(1);
  });

  test('a cancelled notification is not sent', async () => {
    const { agent } = await browser('ada');
    const id = await engine.send({ audience: { userIds: ['ada'] } });
    expect(await cancelNotification({ database: engine.database }, id)).toMatchObject({
      status: 'CANCELLED',
      cancelled: 1,
      targeted: 1,
    });
    await engine.startWorker();
    const proof = await engine.send({ audience: { userIds: ['ada'] }, content: { title: 'after' } });
    await completed(proof);
    expect(agent.received.map((message) => JSON.parse(message.plaintext ?? '{}').notification.title)).toEqual(
      ['after'],
    );
  });

  test("a browser that has changed hands since does not get the former user's message", async () => {
    const { agent, id: subscriptionId } = await browser('ada');
    const id = await engine.send({ audience: { userIds: ['ada'] }, content: { title: 'for ada' } });
    await engine.database.write((sql) =>
      sql.run("UPDATE push_subscription SET userId = 'bob' WHERE id = ?", [subscriptionId]),
    );
    await engine.startWorker();
    expect(await completed(id)).toMatchObject({ targeted: 1, gone: 1 });
    await completed(await engine.send({ audience: { userIds: ['bob'] }, content: { title: 'for bob' } }));
    const titles = agent.received.map((message) => JSON.parse(message.plaintext ?? '{}').notification.title);
    expect(titles).toEqual(['for bob']);
  });

  test('what was accepted without a worker is delivered once one starts', async () => {
    const { agent } = await browser('ada');
    const id = await engine.send({ audience: { userIds: ['ada'] } });
    expect((await notification(id)).status).toBe('SENDING');
    await engine.startWorker();
    await completed(id);
    expect(agent.receivedCount).toBe(1);
  });
});
