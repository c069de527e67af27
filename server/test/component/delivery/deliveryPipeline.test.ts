import { cancelNotification } from '../../../src/actions/notification/cancelNotification';
import { Delivery } from '../../../src/database/entities/delivery';
import { Notification } from '../../../src/database/entities/notification';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { BlockedAddressError, ConnectGuard } from '../../../src/egress/guardedLookup';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { deliveryStatusCode, terminalStatuses } from '../../../src/model/deliveryStatus';
import { describeEachInProcess } from '../../support/engines/describeEachInProcess';
import { until } from '../../support/until';

describeEachInProcess('the delivery pipeline', (own) => {
  const browser = async (
    userId: string,
  ): Promise<{ agent: SimulatedUserAgent; endpoint: string; id: number }> => {
    const agent = own.pushService.createUserAgent();
    const subscription = agent.subscribe(await own.engine.vapidPublicKey());
    return {
      agent,
      endpoint: subscription.endpoint,
      id: await own.engine.register(subscription, { userId }),
    };
  };
  const notification = (id: number) => own.engine.database.entities.findOneByOrFail(Notification, { id });
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
  const dispatches = async () => (await own.engine.database.sql.rows('SELECT id FROM dispatch')).length;

  test('every device of a user decrypts what was sent', async () => {
    const devices = [await browser('ada'), await browser('ada'), await browser('ada'), await browser('bob')];
    await own.engine.startWorker();
    const id = await own.engine.send({
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
    await own.engine.startWorker();
    const id = await own.engine.send({ audience: { everyone: true } });
    expect(await completed(id)).toMatchObject({ targeted: 25, accepted: 25, lane: 'bulk' });
  });

  test('the counters are the counts of the rows at every moment, whatever the answers', async () => {
    for (let count = 0; count < 40; count += 1) {
      const { endpoint } = await browser(`user-${count}`);
      const answer = [{ status: 410 }, { status: 500, times: 1 }, { status: 400 }, { delayMs: 200 }][
        count % 6
      ];
      if (answer) own.pushService.script({ ...answer, subscription: endpoint });
    }
    const counted = terminalStatuses.map((status) => {
      const ofRows = `SELECT COUNT(*) FROM delivery WHERE notificationId = n.id AND status = ${deliveryStatusCode(status)}`;
      return `n.${status.toLowerCase()} AS ${status}, (${ofRows}) AS ${status}_rows`;
    });
    await own.engine.startWorker();
    const id = await own.engine.send({ audience: { everyone: true } });
    await until(async () => {
      // one statement sees one moment
      const [row] = await own.engine.database.sql.rows<Record<string, number | null>>(
        `SELECT n.completedAt, ${counted.join(', ')} FROM notification n WHERE n.id = ?`,
        [id],
      );
      for (const status of terminalStatuses) {
        expect({ status, size: Number(row?.[`${status}_rows`]) }).toEqual({
          status,
          size: Number(row?.[status]),
        });
      }
      return row?.completedAt;
    }, 'the notification to complete');
    expect(await notification(id)).toMatchObject({ targeted: 40, accepted: 26, gone: 7, rejected: 7 });
  });

  test('410 retires that subscription alone', async () => {
    const [gone, alive] = [await browser('ada'), await browser('ada')];
    own.pushService.script({ subscription: gone.endpoint, status: 410 });
    await own.engine.startWorker();
    const row = await completed(await own.engine.send({ audience: { userIds: ['ada'] } }));
    expect(row).toMatchObject({ accepted: 1, gone: 1 });
    const retired = await own.engine.database.entities.findBy(PushSubscription, {});
    expect(retired.map((each) => [each.id, each.retiredReason])).toEqual([
      [gone.id, 'gone'],
      [alive.id, null],
    ]);
  });

  test('410 spares a browser that subscribed anew while it was on its way', async () => {
    const agent = own.pushService.createUserAgent();
    const subscription = agent.subscribe(await own.engine.vapidPublicKey());
    const subscriptionId = await own.engine.register(subscription, { userId: 'ada' });
    own.pushService.script({ status: 410, delayMs: 1_000, times: 1 });
    await own.engine.startWorker();
    const id = await own.engine.send({ audience: { userIds: ['ada'] } });
    await until(() => own.pushService.stats().activePosts > 0, 'the POST');
    expect(await own.engine.register(subscription, { userId: 'ada' })).toBe(subscriptionId);
    expect(await completed(id)).toMatchObject({ gone: 1 });
    const again = await own.engine.send({ audience: { userIds: ['ada'] } });
    expect(await completed(again)).toMatchObject({ targeted: 1, accepted: 1 });
  });

  test.each([
    ['500', { status: 500 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' } }],
    ['a reset', { reset: true as const }],
  ])('%s is tried again and ends ACCEPTED', async (_name, fault) => {
    const { agent, id: subscriptionId } = await browser('ada');
    own.pushService.script({ ...fault, times: 2 });
    await own.engine.startWorker();
    const id = await own.engine.send({ audience: { userIds: ['ada'] } });
    expect(await completed(id)).toMatchObject({ accepted: 1, targeted: 1 });
    const delivery = await own.engine.database.entities.findOneByOrFail(Delivery, {
      notificationId: id,
      subscriptionId,
    });
    expect(delivery).toMatchObject({ attempts: 3, httpStatus: 201, reason: 'accepted' });
    expect(await own.engine.database.sql.rows('SELECT attempt FROM attempt ORDER BY attempt')).toHaveLength(
      2,
    );
    expect(agent.receivedCount).toBe(1);
  });

  const damaged = (column: string, value: string) =>
    own.engine.database.write((sql) => sql.run(`UPDATE push_subscription SET ${column} = ${value}`));

  test.each<[string, string, () => unknown]>([
    [
      'to a host that is not allowed',
      'blocked-address',
      () => damaged('endpoint', "'https://push.example.org/1'"),
    ],
    [
      'to an address that is not public',
      'blocked-address',
      () =>
        jest.spyOn(ConnectGuard.prototype, 'lookupFor').mockImplementation(() => {
          throw new BlockedAddressError();
        }),
    ],
    ['with keys that cannot be encrypted to', 'bad-subscription-keys', () => damaged('sealedAuth', "X'00'")],
  ])('what is not posted is no attempt: %s', async (_name, reason, prevent) => {
    await browser('ada');
    await prevent();
    try {
      await own.engine.startWorker();
      const id = await own.engine.send({ audience: { userIds: ['ada'] } });
      expect(await completed(id)).toMatchObject({ rejected: 1, targeted: 1 });
      const delivery = await own.engine.database.entities.findOneByOrFail(Delivery, { notificationId: id });
      expect(delivery).toMatchObject({ attempts: 0, httpStatus: null, reason });
      expect(await own.engine.database.sql.rows('SELECT attempt FROM attempt')).toEqual([]);
    } finally {
      jest.restoreAllMocks();
    }
  });

  test('a cancelled notification is not sent', async () => {
    const { agent } = await browser('ada');
    const id = await own.engine.send({ audience: { userIds: ['ada'] } });
    expect(await cancelNotification({ database: own.engine.database }, id)).toMatchObject({
      status: 'CANCELLED',
      cancelled: 1,
      targeted: 1,
    });
    await own.engine.startWorker();
    const proof = await own.engine.send({ audience: { userIds: ['ada'] }, content: { title: 'after' } });
    await completed(proof);
    expect(agent.received.map((message) => JSON.parse(message.plaintext ?? '{}').notification.title)).toEqual(
      ['after'],
    );
  });

  test("a browser that has changed hands since does not get the former user's message", async () => {
    const { agent, id: subscriptionId } = await browser('ada');
    const id = await own.engine.send({ audience: { userIds: ['ada'] }, content: { title: 'for ada' } });
    await own.engine.database.write((sql) =>
      sql.run("UPDATE push_subscription SET userId = 'bob' WHERE id = ?", [subscriptionId]),
    );
    await own.engine.startWorker();
    expect(await completed(id)).toMatchObject({ targeted: 1, gone: 1 });
    await completed(await own.engine.send({ audience: { userIds: ['bob'] }, content: { title: 'for bob' } }));
    const titles = agent.received.map((message) => JSON.parse(message.plaintext ?? '{}').notification.title);
    expect(titles).toEqual(['for bob']);
  });

  test('what was accepted without a worker is delivered once one starts', async () => {
    const { agent } = await browser('ada');
    const id = await own.engine.send({ audience: { userIds: ['ada'] } });
    expect((await notification(id)).status).toBe('SENDING');
    await own.engine.startWorker();
    await completed(id);
    expect(agent.receivedCount).toBe(1);
  });
});
