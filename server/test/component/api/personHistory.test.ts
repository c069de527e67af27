/** What was sent to one person is found whole, however much was sent to others since. */
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { describeEachDatabase } from '../../support/engines/engines';
import { fillLargeTables, type LargeTables } from '../../support/engines/largeTables';

interface Entry {
  readonly cursor: string;
  readonly notification: { readonly id: string };
  readonly delivery: { readonly subscription: { readonly id: string } };
}

interface Connection {
  readonly edges: ReadonlyArray<{ node: Entry['delivery']; notification: Entry['notification'] }>;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string;
  };
}

const ask =
  'query ($userId: ID!, $first: Int!, $after: String) { deliveryHistory(userId: $userId, first: $first, after: $after) { cursor notification { id } delivery { subscription { id } } } }';

describeEachDatabase('the history of a person', (database) => {
  let api: ApiServer;
  let large: LargeTables;

  beforeAll(async () => {
    api = await startApiServer(database());
    large = await fillLargeTables(database());
  }, 120_000);

  afterAll(() => api.stop());

  const page = async (first: number, after?: string, key = large.application.admin) => {
    const answer = await api.call<{ deliveryHistory: Entry[] }>(key, ask, {
      ...{ userId: large.userId, first, after },
    });
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data.deliveryHistory;
  };

  const nameOf = ({ notification, delivery }: Omit<Entry, 'cursor'>) => [
    api.ids.decodeOne('notification', notification.id),
    api.ids.decodeOne('subscription', delivery.subscription.id),
  ];

  const whole = () =>
    [large.broadcast, ...[...large.toUser].reverse()].flatMap((notificationId) =>
      large.deviceIds.map((deviceId) => [notificationId, deviceId]),
    );

  test('reaches behind thousands of notifications to others, newest first', async () => {
    expect((await page(100)).map(nameOf)).toEqual(whole());
  });

  // 4 and 7 end pages between the devices of one notification
  test.each([1, 3, 4, 7])('is the same in pages of %i', async (first) => {
    const found: Entry[] = [];
    for (
      let entries = await page(first);
      entries.length > 0;
      entries = await page(first, found.at(-1)?.cursor)
    ) {
      found.push(...entries);
    }
    expect(found.map(nameOf)).toEqual(whole());
  });

  test('is the same as a connection', async () => {
    const found: unknown[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const answer = await api.call<{ personDeliveries: Connection }>(
        large.application.admin,
        `query ($userId: ID!, $after: String) { personDeliveries(userId: $userId, first: 7, after: $after) {
          edges { node { subscription { id } } notification { id } }
          pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
        { userId: large.userId, after },
      );
      if (!answer.data) throw new Error(JSON.stringify(answer.errors));
      const { edges, pageInfo } = answer.data.personDeliveries;
      found.push(...edges.map(({ node, notification }) => nameOf({ delivery: node, notification })));
      expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
      expect(pageInfo.hasNextPage).toBe(found.length < whole().length);
      [more, after] = [pageInfo.hasNextPage, pageInfo.endCursor];
    }
    expect(found).toEqual(whole());
  });

  test('shows a key without the scope admin what it sent, and only that', async () => {
    const key = await large.application.secretKey('notifications:read');
    expect(await page(100, undefined, key)).toEqual([]);
    const old = large.toUser[0] ?? 0;
    await database().write((sql) =>
      sql.run(
        'UPDATE notification SET apiKeyId = (SELECT MAX(id) FROM api_key WHERE applicationId = ?) WHERE id = ?',
        [large.application.id, old],
      ),
    );
    const seen = await page(100, undefined, key);
    expect(seen.map(nameOf)).toEqual(large.deviceIds.map((deviceId) => [old, deviceId]));
  });

  test('goes on after none but its own cursors', async () => {
    const unsealed = (text: string) => Buffer.from(text).toString('base64url');
    const { id } = large.application;
    for (const after of [
      '',
      'x',
      unsealed('at:1:2'),
      api.cursors.of('notifications', id).seal([1]),
      api.cursors.of('deliveryHistory', id, 'somebody else').seal([1, 2]),
      api.cursors.of('deliveryHistory', id + 1, large.userId).seal([1, 2]),
    ]) {
      const { errors } = await api.call(large.application.admin, ask, {
        ...{ userId: large.userId, first: 1, after },
      });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['after'] });
    }
  });

  test('is exported whole', async () => {
    const { data } = await api.call<{ exportPerson: { deliveries: unknown[]; complete: boolean } }>(
      large.application.admin,
      'query ($userId: ID!) { exportPerson(userId: $userId) }',
      { userId: large.userId },
    );
    expect(data?.exportPerson.complete).toBe(true);
    const expected = whole().map(([notificationId = 0, subscriptionId = 0]) =>
      expect.objectContaining({
        notification: api.ids.encode('notification', notificationId),
        subscription: api.ids.encode('subscription', subscriptionId),
        ...{ content: { title: 'x' }, status: 'ACCEPTED' },
      }),
    );
    expect(data?.exportPerson.deliveries).toEqual(expected);
  });

  test('names the person no more once deleted, in the oldest audience either', async () => {
    const forget = 'mutation ($userId: ID!) { deletePerson(userId: $userId) }';
    const { data } = await api.call(large.application.admin, forget, { userId: large.userId });
    expect(data).toEqual({ deletePerson: large.deviceIds.length });
    const named = await database().sql.rows('SELECT id FROM notification WHERE audience LIKE ?', [
      `%${large.userId}%`,
    ]);
    expect(named).toEqual([]);
  });
});
