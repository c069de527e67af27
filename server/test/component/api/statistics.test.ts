import { randomBytes } from 'node:crypto';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { seedDatabase } from '../../../src/seed/seedDatabase';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

interface Outcome {
  readonly pushService: string;
  readonly status: string;
  readonly reason: string;
  readonly deliveries: number;
}

const codes = ['PENDING', 'ACCEPTED', 'GONE', 'REJECTED', 'EXPIRED', 'EXHAUSTED', 'CANCELLED'];

describeEachDatabase('statistics and people of a seeded database', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let other: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    other = await seedApplication(database());
    const authBox = new SealedBox(new MasterSecret(randomBytes(32).toString('hex')), 'auth');
    await seedDatabase({ database: database(), applicationId: application.id, authBox });
  }, 120_000);

  afterAll(() => api.stop());

  async function must<Data>(query: string, variables: object = {}, key = application.admin): Promise<Data> {
    const answer = await api.call<Data>(key, query, { ...variables });
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  }

  const codeOf = async (key: string, query: string, variables: object = {}) =>
    (await api.call(key, query, { ...variables })).errors?.[0]?.extensions.code;

  const count = async (statement: string): Promise<number> => {
    const [row] = await database().sql.rows<{ size: number }>(`SELECT COUNT(*) AS size FROM ${statement}`);
    return Number(row?.size);
  };

  const sumOf = (outcomes: readonly Outcome[]) => outcomes.reduce((sum, each) => sum + each.deliveries, 0);

  const firstBroadcast = async () => {
    const [row] = await database().sql.rows<{ id: number; targeted: number }>(
      "SELECT id, targeted FROM notification WHERE lane = 'bulk' AND rejected + expired + exhausted > 2 AND gone > 0 LIMIT 1",
    );
    if (!row) throw new Error('the seed has no such broadcast');
    return { ...row, publicId: api.ids.encode('notification', row.id) };
  };

  const statistics =
    'query ($points: Int!, $bucket: TimeBucket!) { deliveryStatistics(points: $points, bucket: $bucket) { points { at notifications accepted gone rejected expired exhausted cancelled } outcomes { pushService status reason deliveries } } }';

  type Statistics = { deliveryStatistics: { points: Record<string, number>[]; outcomes: Outcome[] } };

  test.each([
    ['DAY', 20],
    ['HOUR', 336],
  ])('what was sent adds up by %s', async (bucket, points) => {
    const { deliveryStatistics } = await must<Statistics>(statistics, { points, bucket });
    expect(deliveryStatistics.points).toHaveLength(points);
    const sum = (name: string) =>
      deliveryStatistics.points.reduce((all, point) => all + Number(point[name]), 0);
    expect(sum('accepted')).toBe(await count('delivery WHERE status = 1'));
    expect(sum('exhausted')).toBe(await count('delivery WHERE status = 5'));
    expect(sum('notifications')).toBe(await count('notification'));
    expect(sumOf(deliveryStatistics.outcomes)).toBe(await count('delivery'));
  });

  test('a key without admin, and another application, see nothing that they did not send', async () => {
    for (const key of [await application.secretKey('notifications:read'), other.admin]) {
      const { deliveryStatistics } = await must<Statistics>(statistics, { points: 20, bucket: 'DAY' }, key);
      expect(deliveryStatistics.outcomes).toEqual([]);
      expect(deliveryStatistics.points.every((point) => point.notifications === 0)).toBe(true);
    }
  });

  test.each([
    ['HOUR', 0],
    ['HOUR', 337],
    ['DAY', 367],
  ])('%s with %d points is refused', async (bucket, points) => {
    expect(await codeOf(application.admin, statistics, { bucket, points })).toBe('BAD_USER_INPUT');
  });

  test('push subscriptions are counted by push service and day by day', async () => {
    type Answer = {
      subscriptionStatistics: {
        live: number;
        byPushService: { live: number }[];
        days: Record<'created' | 'retired' | 'live', number>[];
      };
    };
    const { subscriptionStatistics: counts } = await must<Answer>(
      '{ subscriptionStatistics(days: 30) { live byPushService { pushService live } days { at created retired live } } }',
    );
    expect(counts.live).toBe(await count('push_subscription WHERE retiredAt IS NULL'));
    expect(counts.byPushService.reduce((sum, each) => sum + each.live, 0)).toBe(counts.live);
    expect(counts.days).toHaveLength(30);
    expect(counts.days.at(-1)?.live).toBe(counts.live);
    for (const [index, day] of counts.days.slice(1).entries()) {
      expect(day.live - day.created + day.retired).toBe(counts.days[index]?.live);
    }
  });

  test('the outcomes of a broadcast are those of its deliveries', async () => {
    const { id, publicId, targeted } = await firstBroadcast();
    const { notification } = await must<{ notification: { outcomes: Outcome[] } }>(
      'query ($id: ID!) { notification(id: $id) { outcomes { pushService status reason deliveries } } }',
      { id: publicId },
    );
    expect(sumOf(notification.outcomes)).toBe(targeted);
    const rows = await database().sql.rows<{
      pushService: string;
      status: number;
      reason: string;
      size: number;
    }>(
      'SELECT pushService, status, reason, COUNT(*) AS size FROM delivery WHERE notificationId = ? GROUP BY 1, 2, 3',
      [id],
    );
    const nameOf = (each: Outcome) => [each.pushService, each.status, each.reason, each.deliveries].join(' ');
    const expected = rows.map((row) => [row.pushService, codes[row.status], row.reason, row.size].join(' '));
    expect(notification.outcomes.map(nameOf).sort()).toEqual(expected.sort());
  });

  test('the deliveries behind each outcome of a broadcast are found, page by page', async () => {
    const { publicId } = await firstBroadcast();
    const { notification } = await must<{ notification: { outcomes: Outcome[] } }>(
      'query ($id: ID!) { notification(id: $id) { outcomes { pushService status reason deliveries } } }',
      { id: publicId },
    );
    expect(new Set(notification.outcomes.map(({ reason }) => reason)).size).toBeGreaterThan(2);
    for (const { deliveries, ...outcome } of notification.outcomes) {
      const found = await deliveriesLike(publicId, outcome);
      expect(found).toHaveLength(deliveries);
      for (const each of found) expect(each).toEqual(outcome);
    }
    expect(await deliveriesLike(publicId, { pushService: 'nowhere' })).toEqual([]);
    const query =
      'query ($id: ID!, $reason: String) { notification(id: $id) { deliveries(reason: $reason) { totalCount } } }';
    for (const reason of ['', 'Grüße', 'x'.repeat(101)])
      expect(await codeOf(application.admin, query, { id: publicId, reason })).toBe('BAD_USER_INPUT');
  });

  async function deliveriesLike(id: string, filter: Partial<Omit<Outcome, 'deliveries'>>) {
    type Page = {
      edges: { node: Omit<Outcome, 'deliveries'> }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      totalCount: number | null;
    };
    const found: Omit<Outcome, 'deliveries'>[] = [];
    for (let after: string | null = null; ; ) {
      const { notification }: { notification: { deliveries: Page } } = await must(
        `query ($id: ID!, $after: String, $status: DeliveryStatus, $pushService: String, $reason: String) {
          notification(id: $id) {
            deliveries(first: 100, after: $after, status: $status, pushService: $pushService, reason: $reason) {
              totalCount edges { node { pushService status reason } } pageInfo { hasNextPage endCursor }
            }
          }
        }`,
        { id, after, ...filter },
      );
      const { edges, pageInfo, totalCount }: Page = notification.deliveries;
      expect(totalCount).toBeNull();
      found.push(...edges.map(({ node }) => node));
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }

  test('who failed to get a broadcast can be counted and sent to again, by those who may see it', async () => {
    const { id, publicId } = await firstBroadcast();
    const size = 'query ($audience: AudienceInput!) { audienceSize(audience: $audience) }';
    const audience = { failedOf: publicId };
    const failed = await count(
      `delivery d JOIN push_subscription s ON s.id = d.subscriptionId WHERE d.notificationId = ${id} AND d.status IN (3, 4, 5) AND s.retiredAt IS NULL`,
    );
    expect(failed).toBeGreaterThan(0);
    expect(await must(size, { audience })).toEqual({ audienceSize: failed });
    expect(await codeOf(other.admin, size, { audience })).toBe('BAD_USER_INPUT');
    const send =
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { lane audience } } }';
    const input = { audience, content: { title: 'Again' } };
    expect(await must(send, { input })).toEqual({
      sendNotification: { notification: { lane: 'BULK', audience: { failedOf: publicId } } },
    });
    const sender = await application.secretKey('notifications:send');
    expect(await codeOf(sender, send, { input })).toBe('BAD_USER_INPUT');
  });

  test('a person is shown with every browser and what was sent to them', async () => {
    type Answer = {
      person: { devices: { id: string; retiredReason: string | null }[] } | null;
      deliveryHistory: { delivery: { subscription: { id: string } } }[];
    };
    const ask =
      'query ($userId: ID!) { person(userId: $userId) { devices { id retiredReason tags } } deliveryHistory(userId: $userId, first: 50) { notification { id content } delivery { status subscription { id } } } }';
    const [row] = await database().sql.rows<{ userId: string; size: number }>(
      'SELECT userId, COUNT(*) AS size FROM push_subscription GROUP BY userId ORDER BY 2 DESC LIMIT 1',
    );
    const { person, deliveryHistory } = await must<Answer>(ask, { userId: row?.userId });
    const ids = person?.devices.map((device) => device.id) ?? [];
    expect(ids).toHaveLength(Number(row?.size));
    expect(deliveryHistory.length).toBeGreaterThan(0);
    for (const { delivery } of deliveryHistory) expect(ids).toContain(delivery.subscription.id);
    expect(await must(ask, { userId: row?.userId }, other.admin)).toEqual({
      person: null,
      deliveryHistory: [],
    });
    expect(await must(ask, { userId: 'nobody' })).toEqual({ person: null, deliveryHistory: [] });
  });

  test('a retired browser is not reached any more', async () => {
    const [row] = await database().sql.rows<{ id: number }>(
      'SELECT MAX(id) AS id FROM push_subscription WHERE retiredAt IS NULL',
    );
    const id = api.ids.encode('subscription', Number(row?.id));
    const retire = 'mutation ($id: ID!) { retirePushSubscription(id: $id) }';
    const size = 'query ($audience: AudienceInput!) { audienceSize(audience: $audience) }';
    expect(await must(retire, { id }, other.admin)).toEqual({ retirePushSubscription: false });
    expect(await must(size, { audience: { subscriptionIds: [id] } })).toEqual({ audienceSize: 1 });
    expect(await must(retire, { id })).toEqual({ retirePushSubscription: true });
    expect(await must(retire, { id })).toEqual({ retirePushSubscription: false });
    expect(await must(size, { audience: { subscriptionIds: [id] } })).toEqual({ audienceSize: 0 });
  });

  test('the size of a payload is the one that sending checks', async () => {
    const size =
      'query ($content: NotificationContentInput!) { payloadSize(content: $content) { bytes limit } }';
    const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';
    const sizeOf = async (content: object) =>
      (await must<{ payloadSize: { bytes: number; limit: number } }>(size, { content })).payloadSize;
    const { bytes, limit } = await sizeOf({ title: 'ü', body: 'x' });
    const body = 'x'.repeat(limit - bytes + 1);
    expect(await sizeOf({ title: 'ü', body })).toEqual({ bytes: limit, limit });
    const inputOf = (text: string) => ({
      input: { audience: { userIds: ['nobody'] }, content: { title: 'ü', body: text } },
    });
    expect(await codeOf(application.admin, send, inputOf(body))).toBeUndefined();
    expect(await codeOf(application.admin, send, inputOf(`${body}x`))).toBe('PAYLOAD_TOO_LARGE');
  });

  test('the health of a push service is that of all running workers together', async () => {
    const now = Date.now();
    const rows = [
      ['one', 'fcm', 'closed', 100, 3, 1, null, 600, now],
      ['two', 'fcm', 'open', 4, 0, 0, now + 60_000, 0, now],
      ['three', 'fcm', 'open', 4, 0, 0, now + 60_000, 0, now - 60_000],
      ['one', 'apple', 'open', 4, 0, 0, now - 1, 0, now],
    ];
    await database().write(async (sql) => {
      for (const row of rows) {
        await sql.run(
          'INSERT INTO push_service_state (worker, pushService, state, concurrencyLimit, underWay, waiting, reopensAt, attemptsPerMinute, updatedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          row,
        );
      }
    });
    const health =
      '{ pushServiceHealth { pushService state limit underWay waiting attemptsPerMinute pausedUntil workers } }';
    const platform = await seedApplication(database(), { name: 'default' });
    const { pushServiceHealth } = await must<{ pushServiceHealth: object[] }>(health, {}, platform.admin);
    expect(pushServiceHealth).toEqual([
      {
        pushService: 'apple',
        state: 'HALF_OPEN',
        limit: 4,
        underWay: 0,
        waiting: 0,
        attemptsPerMinute: 0,
        pausedUntil: null,
        workers: 1,
      },
      {
        pushService: 'fcm',
        state: 'OPEN',
        limit: 104,
        underWay: 3,
        waiting: 1,
        attemptsPerMinute: 600,
        pausedUntil: new Date(now + 60_000).toISOString(),
        workers: 2,
      },
    ]);

    // other applications: what passes where their own browsers are, and nothing that depends on who sends how much
    type Health = { pushServiceHealth: { pushService: string; state: string }[] };
    const seen = (await must<Health>(health)).pushServiceHealth;
    const used = await database().sql.rows<{ pushService: string }>(
      'SELECT DISTINCT pushService FROM push_subscription WHERE applicationId = ? AND retiredAt IS NULL ORDER BY 1',
      [application.id],
    );
    expect(seen.map(({ pushService }) => pushService)).toEqual(used.map(({ pushService }) => pushService));
    const states: Record<string, string> = { apple: 'HALF_OPEN', fcm: 'OPEN' };
    const hidden = { limit: null, underWay: null, waiting: null, attemptsPerMinute: null, workers: null };
    for (const each of seen) {
      expect(each).toMatchObject({ ...hidden, state: states[each.pushService] ?? 'CLOSED' });
    }
    expect(await must(health, {}, other.admin)).toEqual({ pushServiceHealth: [] });
  });

  test('the details of a page of notifications are read at once', async () => {
    type Answer = { notifications: { edges: { node: { content: { title: string }; sentBy: string } }[] } };
    const { notifications } = await must<Answer>(
      '{ notifications(first: 50) { edges { node { content sentBy ttl urgency topic lane audience } } } }',
    );
    const names = new Set(notifications.edges.map(({ node }) => node.sentBy));
    expect([...names].sort()).toEqual(expect.arrayContaining(['marketing', 'newsroom', 'shop back end']));
    expect(notifications.edges.every(({ node }) => node.content.title.length > 0)).toBe(true);
  });
});
