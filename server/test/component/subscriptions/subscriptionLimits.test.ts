/** How many push subscriptions a user and an application may have holds for calls at the same moment, too. */
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  refuseTooManyOfApplication,
  refuseTooManyOfUser,
} from '../../../src/actions/pushSubscription/subscriptionLimits';
import { countCreated } from '../../../src/database/counts/countSubscriptions';
import { insertion, type TransactionSql } from '../../../src/database/sql';
import { silentLog } from '../../../src/observe/log';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, codeOf, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
const settings = `mutation ($id: ID!, $settings: ApplicationSettingsInput!) {
  updateApplication(id: $id, settings: $settings) { subscriptionsMost staleAfterDays }
}`;

describeEachDatabase('limits of push subscriptions', (database) => {
  const warn = jest.fn();
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database(), {
      rules: { subscriptionsPerUser: 3, newSubscriptionsPerHour: 100 },
      log: Object.assign(Object.create(silentLog), { warn }),
    });
  });

  beforeEach(async () => {
    application = await seedApplication(database());
  });

  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => api.stop());

  const set = (changed: object) =>
    must(api, application, settings, {
      ...{ id: api.ids.encode('application', application.id), settings: changed },
    });
  const register = (input: object, key = application.publishable) =>
    api.call(key, subscribe, { input: { subscription: browserSubscription(), ...input } });
  const live = async () =>
    (await api.call(application.admin, '{ audienceSize(audience: { everyone: true }) }')).data?.audienceSize;
  interface Use {
    readonly liveSubscriptions: number;
    readonly subscriptionLimit: number | null;
    readonly newSubscriptionsRefusedUntil: string | null;
  }
  const use = async (of = application, at = api) => {
    const { applications } = await must<{ applications: Use[] }>(
      at,
      of,
      '{ applications { liveSubscriptions subscriptionLimit newSubscriptionsRefusedUntil } }',
    );
    return applications;
  };
  const parallel = async (count: number, input: object, key?: string) => {
    const answers = await Promise.all(Array.from({ length: count }, () => register(input, key)));
    const codes = answers.map(codeOf).filter((code) => code !== undefined);
    expect(new Set(codes)).toEqual(new Set(['RATE_LIMITED']));
    return count - codes.length;
  };

  test('60 calls for one user at the same moment register as many as it may have', async () => {
    expect(await parallel(60, { userId: 'ada' })).toBe(3);
    expect(await live()).toBe(3);
  });

  test('an application has as many as it may have, whoever registers them', async () => {
    expect(await set({ subscriptionsMost: 5 })).toMatchObject({
      updateApplication: { subscriptionsMost: 5 },
    });
    expect(await parallel(40, {})).toBe(5);
    expect(await parallel(3, {}, application.admin)).toBe(0);
    expect(await live()).toBe(5);
    const full = { liveSubscriptions: 5, subscriptionLimit: 5, newSubscriptionsRefusedUntil: null };
    expect(await use()).toEqual([full]);
    await set({ subscriptionsMost: 6 });
    const known = browserSubscription();
    expect(codeOf(await register({ subscription: known }))).toBeUndefined();
    // a visit, and one that replaces another, are not one more
    expect(codeOf(await register({ subscription: known, userId: 'ada' }))).toBeUndefined();
    const heir = browserSubscription();
    const replacing = { subscription: heir, replaces: known.endpoint, replacesAuth: known.keys.auth };
    expect(codeOf(await register(replacing))).toBeUndefined();
    expect(codeOf(await register({ subscription: known }))).toBe('RATE_LIMITED');
    await set({ subscriptionsMost: null });
    expect(codeOf(await register({ subscription: known }))).toBeUndefined();
    expect(await live()).toBe(7);
    expect(await use()).toMatchObject([{ liveSubscriptions: 7, subscriptionLimit: null }]);
    const limited = await startApiServer(database(), { rules: { subscriptionsMost: 9 } });
    expect(await use(application, limited)).toMatchObject([{ liveSubscriptions: 7, subscriptionLimit: 9 }]);
    await limited.stop();
  });

  const waitsForLock = async () => {
    if (database().kind === 'sqlite') return true;
    const rows = await database().sql.rows(
      "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'INSERT INTO subscriber_lock%'",
    );
    return rows.length > 0;
  };
  const refuse = {
    user: (sql: TransactionSql) =>
      refuseTooManyOfUser(sql, database().kind, { applicationId: application.id, userId: 'ada', most: 1 }),
    application: (sql: TransactionSql) =>
      refuseTooManyOfApplication(sql, database().kind, { applicationId: application.id, most: 1 }),
  };

  const subscribeIn = async (sql: TransactionSql) => {
    const at = Date.now();
    const row = {
      ...{ applicationId: application.id, userId: 'ada', endpoint: 'https://push.example.org/first' },
      ...{ endpointHash: randomBytes(32), p256dh: Buffer.alloc(65, 4), sealedAuth: Buffer.alloc(1) },
      ...{ vapidKeyId: 1, pushService: 'push.example.org', createdAt: at, lastSeenAt: at, userSince: at },
      version: 1,
    };
    const counted = { applicationId: application.id, pushService: row.pushService, at, spread: 0 };
    await sql.batch([insertion('push_subscription', row), countCreated(database().kind, counted)]);
  };

  test.each(Object.entries(refuse))(
    'of one %s, whoever comes second waits until the first is counted',
    async (_of, refuseSecond) => {
      const steps = new EventEmitter();
      const [asked, goOn] = [once(steps, 'asked'), once(steps, 'goOn')];
      const first = database().sqlTransaction(async (sql) => {
        await refuseSecond(sql);
        steps.emit('asked');
        await goOn;
        await subscribeIn(sql);
      });
      await asked;
      let isOver = false;
      const second = database()
        .sqlTransaction(refuseSecond)
        .finally(() => {
          isOver = true;
        });
      const isRefused = expect(second).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await until(async () => isOver || (await waitsForLock()), 'the second to wait for the first');
      steps.emit('goOn');
      await first;
      await isRefused;
    },
  );

  test('pages add so many new ones in an hour, known ones come back, and back ends go on', async () => {
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const now = jest.spyOn(database().clock, 'now').mockReturnValue(hour + 1_000);
    const known = browserSubscription();
    await register({ subscription: known });
    for (let n = 1; n < 99; n += 1) expect(codeOf(await register({}))).toBeUndefined();
    // another process on the same database, which has refused nobody itself
    const second = await startApiServer(database(), { rules: { newSubscriptionsPerHour: 100 } });
    const refusedUntil = (of = application) =>
      use(of, second).then((all) => all.map((each) => each.newSubscriptionsRefusedUntil));
    expect(await refusedUntil()).toEqual([null]);
    expect(codeOf(await register({}))).toBeUndefined();
    for (let n = 0; n < 2; n += 1) expect(codeOf(await register({}))).toBe('RATE_LIMITED');
    const said = expect.stringContaining('FANFARE_NEW_SUBSCRIPTIONS_PER_HOUR');
    expect(warn.mock.calls).toEqual([[{ applicationId: application.id, perHour: 100 }, said]]);
    expect(await refusedUntil()).toEqual([new Date(hour + 3_600_000).toISOString()]);
    expect(await refusedUntil(await seedApplication(database()))).toEqual([null]);
    expect(codeOf(await register({ subscription: known }))).toBeUndefined();
    expect(codeOf(await register({}, application.admin))).toBeUndefined();
    now.mockReturnValue(hour + 3_601_000);
    expect(codeOf(await register({}))).toBeUndefined();
    expect(await refusedUntil()).toEqual([null]);
    await second.stop();
  });

  test('an application without a limit of its own has that of the installation', async () => {
    const limited = await startApiServer(database(), { ids: api.ids, rules: { subscriptionsMost: 2 } });
    const codes = async (count: number) => {
      const found: (string | undefined)[] = [];
      while (found.length < count) {
        const input = { subscription: browserSubscription() };
        found.push(codeOf(await limited.call(application.publishable, subscribe, { input })));
      }
      return found;
    };
    try {
      expect(await codes(3)).toEqual([undefined, undefined, 'RATE_LIMITED']);
      await must(limited, application, settings, {
        ...{ id: api.ids.encode('application', application.id), settings: { subscriptionsMost: 3 } },
      });
      expect(await codes(2)).toEqual([undefined, 'RATE_LIMITED']);
    } finally {
      await limited.stop();
    }
  });

  test('broadcasts leave out browsers that were not seen for long, and named ones are reached', async () => {
    const size = (audience: string) =>
      must(api, application, `{ audienceSize(audience: ${audience}) }`).then(
        (data) => (data as { audienceSize: number }).audienceSize,
      );
    for (const userId of ['old', 'new']) await register({ userId, tags: ['news'] }, application.admin);
    const seen = Date.now() - 31 * 86_400_000;
    await database().write((sql) =>
      sql.run('UPDATE push_subscription SET lastSeenAt = ?, userSince = 1 WHERE userId = ?', [seen, 'old']),
    );
    const sizes = async () => [
      await size('{ everyone: true }'),
      await size('{ tags: { anyOf: ["news"] } }'),
      await size('{ tags: { noneOf: ["sport"] } }'),
      await size('{ userIds: ["old", "new"] }'),
    ];
    expect(await sizes()).toEqual([2, 2, 2, 2]);
    await set({ staleAfterDays: 30 });
    expect(await sizes()).toEqual([1, 1, 1, 2]);
    const { sendNotification } = await must<{ sendNotification: { notification: { id: string } } }>(
      api,
      application,
      'mutation { sendNotification(input: { audience: { everyone: true }, content: { title: "x" } }) { notification { id } } }',
    );
    const { id } = sendNotification.notification;
    // what the expander of a worker does
    await database().write((sql) =>
      sql.run('UPDATE notification SET expandDueAt = NULL WHERE id = ?', [
        api.ids.decodeOne('notification', id) ?? 0,
      ]),
    );
    const why = 'query ($id: ID!, $u: ID!) { explainDelivery(notificationId: $id, userId: $u) { reason } }';
    const reasonFor = async (u: string) =>
      (await must<{ explainDelivery: { reason: string } }>(api, application, why, { id, u })).explainDelivery
        .reason;
    expect(await reasonFor('old')).toBe('STALE');
    expect(await reasonFor('new')).toBe('MEANT_SINCE');
    await set({ staleAfterDays: 32 });
    expect(await sizes()).toEqual([2, 2, 2, 2]);
  });
});
