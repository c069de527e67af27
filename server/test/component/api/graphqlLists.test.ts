import { Attempt } from '../../../src/database/entities/attempt';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

interface Connection {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    endCursor: string | null;
    hasPreviousPage: boolean;
    startCursor: string | null;
  };
  totalCount?: number | null;
}

const page = 'edges { cursor node { id } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor }';

describeEachDatabase('lists', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const subscribe = async (userId: string, tags: string[] = []) => {
    const answer = await api.call<{ subscribe: { subscription: { id: string } } }>(
      application.publishable,
      'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { id } } }',
      { input: { subscription: browserSubscription(), userId, tags } },
    );
    return answer.data?.subscribe.subscription.id ?? '';
  };
  const send = async (audience: Record<string, unknown>, extra: Record<string, unknown> = {}) => {
    const answer = await api.call<{ sendNotification: { notification: { id: string } } }>(
      application.admin,
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
      { input: { audience, content: { title: 'Hi' }, ...extra } },
    );
    return answer.data?.sendNotification.notification.id ?? '';
  };
  /** Reads page after page, and does something between two pages. */
  const readAll = async (
    read: (after: string | null) => Promise<Connection | undefined>,
    between: () => Promise<unknown> = async () => undefined,
  ) => {
    const pages: string[][] = [];
    let after: string | null = null;
    for (;;) {
      const connection: Connection | undefined = await read(after);
      pages.push(connection?.edges.map((edge) => edge.node.id) ?? []);
      expect(connection?.pageInfo).toMatchObject({
        startCursor: connection?.edges[0]?.cursor ?? null,
        endCursor: connection?.edges.at(-1)?.cursor ?? null,
        hasPreviousPage: after !== null,
      });
      if (!connection?.pageInfo.hasNextPage) return pages;
      after = connection.pageInfo.endCursor;
      await between();
    }
  };
  const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
    Array.from({ length: count }).reduce<Promise<T[]>>(
      async (done) => [...(await done), await work()],
      Promise.resolve([]),
    );

  test('notifications: 45 by 20, newest first, while more come in', async () => {
    const ids = await times(45, () => send({ userIds: ['nobody'] }));
    const pages = await readAll(
      async (after) =>
        (
          await api.call<{ notifications: Connection }>(
            application.admin,
            `query ($after: String) { notifications(first: 20, after: $after) { ${page} } }`,
            { after },
          )
        ).data?.notifications,
      () => send({ userIds: ['nobody'] }),
    );
    expect(pages.map((each) => each.length)).toEqual([20, 20, 5]);
    expect(pages.flat()).toEqual(ids.toReversed());
  });

  test('notifications by status', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const id = await send({ userIds: ['nobody'] }, { sendAt });
    const answer = await api.call(
      application.admin,
      `{ notifications(status: SCHEDULED) { edges { node { id } } pageInfo { hasNextPage } } }`,
    );
    expect(answer.data).toEqual({
      notifications: { edges: [{ node: { id } }], pageInfo: { hasNextPage: false } },
    });
  });

  test('push subscriptions: 45 by 20, oldest first, while more come in; by user and by tag', async () => {
    const ids = await times(45, () => subscribe('reader', ['list']));
    const read = (filter: string, between?: () => Promise<unknown>) =>
      readAll(
        async (after) =>
          (
            await api.call<{ pushSubscriptions: Connection }>(
              application.admin,
              `query ($after: String) { pushSubscriptions(first: 20, after: $after, ${filter}) { ${page} } }`,
              { after },
            )
          ).data?.pushSubscriptions,
        between,
      );
    expect((await read('tag: "list"')).map((each) => each.length)).toEqual([20, 20, 5]);
    const whileGrowing = await read('userId: "reader"', () => subscribe('reader'));
    expect(whileGrowing.flat().slice(0, 45)).toEqual(ids);
    expect(whileGrowing.flat()).toHaveLength(47);
    expect((await read('userId: "reader", tag: "list"')).flat()).toEqual(ids);
    expect(await read('tag: "nobody carries this"')).toEqual([[]]);
  });

  test('push subscriptions show their tags and no more of their secrets than their service', async () => {
    const id = await subscribe('tagged', ['b', 'a']);
    await subscribe('tagged');
    const answer = await api.call<{ pushSubscriptions: { edges: { node: unknown }[] } }>(
      application.admin,
      `{ pushSubscriptions(userId: "tagged") { edges { node { id userId tags pushService locale timeZone createdAt lastSeenAt } } } }`,
    );
    expect(answer.data?.pushSubscriptions.edges.map((edge) => edge.node)).toEqual([
      {
        ...{
          id,
          userId: 'tagged',
          tags: ['a', 'b'],
          pushService: 'push.example.org',
          locale: null,
          timeZone: null,
        },
        ...{ createdAt: expect.stringMatching(/Z$/), lastSeenAt: expect.stringMatching(/Z$/) },
      },
      expect.objectContaining({ tags: [] }),
    ]);
  });

  test('deliveries: 45 by 20, in no more queries for more rows', async () => {
    await times(45, () => subscribe('fan', ['t']));
    const id = await send({ userIds: ['fan'] });
    const read = (filter: string) =>
      readAll(async (after) => {
        const answer = await api.call<{ notification: { deliveries: Connection } }>(
          application.admin,
          `query ($id: ID!, $after: String) {
            notification(id: $id) { deliveries(first: 20, after: $after${filter}) { ${page} totalCount } }
          }`,
          { id, after },
        );
        return answer.data?.notification.deliveries;
      });
    const pages = await read('');
    expect(pages.map((each) => each.length)).toEqual([20, 20, 5]);
    expect(new Set(pages.flat()).size).toBe(45);
    expect((await read(', status: ACCEPTED')).flat()).toEqual([]);
    expect((await read(', status: PENDING')).flat()).toEqual(pages.flat());
    expect((await read(', userId: "fan"')).flat()).toEqual(pages.flat());
    expect((await read(', userId: "somebody else"')).flat()).toEqual([]);
    const full = await api.call<{ notification: { deliveries: Connection } }>(
      application.admin,
      'query ($id: ID!) { notification(id: $id) { deliveries(first: 45) { pageInfo { hasNextPage } } } }',
      { id },
    );
    expect(full.data?.notification.deliveries.pageInfo.hasNextPage).toBe(false);
    const queries = jest.spyOn(database().sql, 'rows');
    await api.call(
      application.admin,
      `query ($id: ID!) { notification(id: $id) { deliveries(first: 45) { edges { node { subscription { id tags } } } } } }`,
      { id },
    );
    // the notification, its deliveries, their push subscriptions, those's tags
    expect(queries).toHaveBeenCalledTimes(4);
    queries.mockRestore();
  });

  test('a delivery tells where it stands', async () => {
    const subscriptionId = await subscribe('teller', ['x']);
    await subscribe('teller');
    const id = await send({ userIds: ['teller'] });
    const notificationId = api.ids.decodeOne('notification', id) ?? 0;
    const [first, second] = await database().sql.rows<{ subscriptionId: number }>(
      'SELECT subscriptionId FROM delivery WHERE notificationId = ? ORDER BY subscriptionId',
      [notificationId],
    );
    const acceptedAt = Date.now();
    await database().write((sql) =>
      sql.run(
        `UPDATE delivery SET status = 1, attempts = 2, httpStatus = 201, reason = 'accepted', acceptedAt = ?
         WHERE notificationId = ? AND subscriptionId = ?`,
        [acceptedAt, notificationId, first?.subscriptionId ?? 0],
      ),
    );
    await database().write((sql) =>
      sql.run('DELETE FROM push_subscription WHERE id = ?', [second?.subscriptionId ?? 0]),
    );
    const answer = await api.call<{ notification: { deliveries: unknown } }>(
      application.admin,
      `query ($id: ID!) { notification(id: $id) { deliveries {
        totalCount
        edges { node { id status attempts httpStatus reason pushService nextAttemptAt acceptedAt displayedAt
          subscription { id userId tags } } }
      } } }`,
      { id },
    );
    const deliveryId = (subscription: number) => api.ids.encode('delivery', notificationId, subscription);
    expect(answer.data?.notification.deliveries).toEqual({
      totalCount: 2,
      edges: [
        {
          node: {
            ...{
              id: deliveryId(first?.subscriptionId ?? 0),
              status: 'ACCEPTED',
              attempts: 2,
              httpStatus: 201,
            },
            ...{
              reason: 'accepted',
              pushService: 'push.example.org',
              nextAttemptAt: null,
              displayedAt: null,
            },
            acceptedAt: new Date(acceptedAt).toISOString(),
            subscription: { id: subscriptionId, userId: 'teller', tags: ['x'] },
          },
        },
        {
          node: {
            ...{
              id: deliveryId(second?.subscriptionId ?? 0),
              status: 'PENDING',
              attempts: 0,
              httpStatus: null,
            },
            ...{ reason: null, pushService: 'push.example.org', acceptedAt: null, displayedAt: null },
            nextAttemptAt: expect.stringMatching(/Z$/),
            subscription: null,
          },
        },
      ],
    });
    expect(await database().entities.count(Attempt)).toBe(0);
  });

  test.each([
    ['first: 0', ['first']],
    ['first: 101', ['first']],
    ['first: -1', ['first']],
    ['after: "nonsense"', ['after']],
    [`after: "${Buffer.from('id:0').toString('base64url')}"`, ['after']],
    [`after: "${Buffer.from("id:1' OR 1=1").toString('base64url')}"`, ['after']],
  ])('%s is refused', async (args, path) => {
    for (const list of ['notifications', 'pushSubscriptions']) {
      const answer = await api.call(application.admin, `{ ${list}(${args}) { edges { cursor } } }`);
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path });
    }
  });

  test('null stands for the default', async () => {
    const answer = await api.call<{ notifications: Connection }>(
      application.admin,
      'query ($first: Int) { notifications(first: $first, after: null) { edges { cursor } } }',
      { first: null },
    );
    expect(answer.data?.notifications.edges).toHaveLength(20);
  });

  describe('receipts', () => {
    const record =
      'mutation ($token: String!, $event: ReceiptEvent!) { recordReceipt(token: $token, event: $event) }';

    test('need no key, count once, and imply that it was shown', async () => {
      await subscribe('witness');
      const id = await send({ userIds: ['witness'] });
      const notificationId = api.ids.decodeOne('notification', id) ?? 0;
      const [row] = await database().sql.rows<{ subscriptionId: number }>(
        'SELECT subscriptionId FROM delivery WHERE notificationId = ?',
        [notificationId],
      );
      const token = api.receiptTokens.issue(notificationId, row?.subscriptionId ?? 0);
      for (const event of ['CLICKED', 'CLICKED', 'DISPLAYED', 'DISMISSED']) {
        expect((await api.call(undefined, record, { token, event })).data).toEqual({ recordReceipt: true });
      }
      const answer = await api.call(
        application.admin,
        'query ($id: ID!) { notification(id: $id) { progress { displayed clicked dismissed } } }',
        { id },
      );
      expect(answer.data).toEqual({
        notification: { progress: { displayed: 1, clicked: 1, dismissed: 1 } },
      });
      await api.call(undefined, record, {
        token: api.receiptTokens.issue(notificationId, 999_999),
        event: 'CLICKED',
      });
      const unknown = { token: api.receiptTokens.issue(999_999, 1), event: 'DISPLAYED' };
      expect((await api.call(undefined, record, unknown)).data).toEqual({ recordReceipt: false });
    });

    test.each(['', 'nonsense', 'A'.repeat(43)])('token "%s" is refused', async (token) => {
      const answer = await api.call(undefined, record, { token, event: 'CLICKED' });
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['token'] });
    });
  });

  test.each([
    ['userId', '{ person(userId: "tagged ") { userId } }'],
    ['userId', '{ deliveryHistory(userId: "tagged ") { cursor } }'],
    ['userId', '{ pushSubscriptions(userId: "tagged ") { edges { cursor } } }'],
    ['tag', '{ pushSubscriptions(tag: "news ") { edges { cursor } } }'],
    ['userId', '{ notifications { edges { node { deliveries(userId: "tagged ") { edges { cursor } } } } } }'],
  ])('a %s with a space behind it, which MySQL would overlook, is refused: %s', async (name, query) => {
    await send({ everyone: true });
    const { errors } = await api.call(application.admin, query);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: [name] });
  });
});
