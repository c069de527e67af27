/** Why a notification did or did not reach somebody, from the rows as the API, and workers in their place, write them. */
import { deliveryStatusCode } from '../../../src/model/deliveryStatus';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

interface Explanation {
  readonly reason: string;
  readonly notification: { readonly id: string };
  readonly browsers: readonly {
    readonly reason: string;
    readonly subscription: { readonly id: string; readonly tags: string[] };
    readonly delivery: { readonly status: string; readonly subscription: { readonly id: string } } | null;
  }[];
}

const ask = `query ($notificationId: ID!, $userId: ID!) {
  explainDelivery(notificationId: $notificationId, userId: $userId) {
    reason notification { id }
    browsers { reason subscription { id tags } delivery { status subscription { id } } }
  }
}`;

describeEachDatabase('explainDelivery', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const must = async <Data>(key: string, query: string, variables: Record<string, unknown>) => {
    const { data, errors } = await api.call<Data>(key, query, variables);
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  const subscribe = async (userId: string, tags: string[] = []) => {
    const { subscribe: answer } = await must<{ subscribe: { subscription: { id: string } } }>(
      application.publishable,
      'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id } } }',
      { input: { subscription: browserSubscription(), userId, tags } },
    );
    return answer.subscription.id;
  };
  const send = async (audience: object, more: object = {}) => {
    const { sendNotification } = await must<{ sendNotification: { notification: { id: string } } }>(
      application.admin,
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience, content: { title: 'Hi' }, ...more } },
    );
    return sendNotification.notification.id;
  };
  const explain = async (notificationId: string, userId: string, key = application.admin) =>
    (await must<{ explainDelivery: Explanation | null }>(key, ask, { notificationId, userId }))
      .explainDelivery;
  const run = (text: string, values: (string | number)[]) => database().write((sql) => sql.run(text, values));
  const settle = (subscriptionId: string, assignment: string) =>
    run(`UPDATE delivery SET ${assignment} WHERE subscriptionId = ?`, [
      api.ids.decodeOne('subscription', subscriptionId) ?? 0,
    ]);
  /** As a worker does it that finds nobody. */
  const expandToNobody = (notificationId: string) =>
    run("UPDATE notification SET expandDueAt = NULL, status = 'COMPLETED' WHERE id = ?", [
      api.ids.decodeOne('notification', notificationId) ?? 0,
    ]);

  test('tells of each browser what became of it, and of the user the best', async () => {
    const [phone, laptop] = [await subscribe('ada'), await subscribe('ada')];
    const id = await send({ userIds: ['ada'] });
    expect(await explain(id, 'ada')).toMatchObject({ reason: 'BEING_SENT', notification: { id } });
    await settle(phone, `status = ${deliveryStatusCode('GONE')}`);
    await settle(laptop, `status = ${deliveryStatusCode('ACCEPTED')}, displayedAt = 1`);
    const { reason, browsers = [] } = (await explain(id, 'ada')) ?? {};
    expect(reason).toBe('DISPLAYED');
    const told = browsers.map((each) => [each.subscription.id, each.reason, each.delivery?.status]);
    expect(told.sort()).toEqual(
      [
        [phone, 'GONE', 'GONE'],
        [laptop, 'DISPLAYED', 'ACCEPTED'],
      ].sort(),
    );
    expect(browsers.map(({ delivery }) => delivery?.subscription.id)).toEqual(
      browsers.map(({ subscription }) => subscription.id),
    );
  });

  test('tells whom an audience leaves out, and who came to it afterwards', async () => {
    await subscribe('early', ['news']);
    await subscribe('other', ['sports']);
    const id = await send({ tags: { anyOf: ['news'] } });
    const reasonFor = async (userId: string) => (await explain(id, userId))?.reason;
    expect(await reasonFor('early')).toBe('NOT_YET');
    await expandToNobody(id);
    expect([await reasonFor('early'), await reasonFor('other')]).toEqual(['MEANT_SINCE', 'NOT_MEANT']);
    await run('UPDATE push_subscription SET userSince = ? WHERE userId = ?', [Date.now() + 60_000, 'early']);
    expect(await reasonFor('early')).toBe('SUBSCRIBED_LATER');
    await run('UPDATE push_subscription SET retiredAt = ? WHERE userId = ?', [Date.now(), 'early']);
    expect(await reasonFor('early')).toBe('ENDED_BEFORE');
    expect(await explain(id, 'stranger')).toMatchObject({ reason: 'NO_BROWSER', browsers: [] });
  });

  test('tells that a push service takes nothing at present, while a worker says so', async () => {
    await subscribe('paul');
    const id = await send({ userIds: ['paul'] });
    const [row] = await database().sql.rows<{ pushService: string }>(
      "SELECT pushService FROM push_subscription WHERE userId = 'paul'",
    );
    await run(
      `INSERT INTO push_service_state (worker, pushService, state, concurrencyLimit, underWay, waiting, reopensAt,
         attemptsPerMinute, updatedAt) VALUES ('w', ?, 'open', 4, 0, 0, ?, 0, ?)`,
      [row?.pushService ?? '', Date.now() + 60_000, Date.now()],
    );
    expect(await explain(id, 'paul')).toMatchObject({ reason: 'WAITS_FOR_PUSH_SERVICE' });
    await run('UPDATE push_service_state SET updatedAt = 0 WHERE pushService = ?', [row?.pushService ?? '']);
    expect(await explain(id, 'paul')).toMatchObject({ reason: 'BEING_SENT' });
  });

  test('tells nothing of what a key may not see', async () => {
    await subscribe('gina');
    const id = await send({ userIds: ['gina'] });
    const other = await seedApplication(database());
    expect(await explain(id, 'gina', other.admin)).toBeNull();
    expect(await explain(id, 'gina', await application.secretKey('notifications:read'))).toBeNull();
    expect(await explain('ntf_nobody', 'gina')).toBeNull();
    const { errors } = await api.call(application.admin, ask, { notificationId: id, userId: 'gina ' });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});
