/** What an operator can do at once when a key or a whole application is abused. */

import { stopApplication } from '../../../src/actions/application/stopApplication';
import { acceptNotification } from '../../../src/actions/notification/acceptNotification';
import { receiptTokenLength } from '../../../src/secrets/receiptToken';
import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, codeOf, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const sendAt = new Date(Date.now() + 3_600_000).toISOString();
const send =
  'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }';

describeEachDatabase('stopping', (database) => {
  let api: ApiServer;
  /** Another process on the same database, with a memory of keys of its own. */
  let second: ApiServer;
  let application: SeededApplication;
  let platform: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    second = await startApiServer(database());
    application = await seedApplication(database());
    platform = await seedApplication(database(), { name: 'default' });
    const input = { subscription: browserSubscription(), userId: 'ada' };
    const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
    await api.call(application.publishable, subscribe, { input });
  });

  afterAll(async () => {
    await api.stop();
    await second.stop();
  });

  const sendIt = (at: ApiServer, key: string, more = {}) =>
    at.call(key, send, { input: { audience: { userIds: ['ada'] }, content: { title: 'Hi' }, ...more } });
  /** How many notifications of an application stand where, by the name of the key that sent them. */
  const statuses = async (of = application) => {
    const rows = await database().sql.rows<{ status: string; n: number }>(
      'SELECT status, COUNT(*) AS n FROM notification WHERE applicationId = ? GROUP BY status',
      [of.id],
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, Number(n)]));
  };
  const codes = (at: ApiServer, key: string, documents: string[]) =>
    Promise.all(documents.map(async (each) => codeOf(await at.call(key, each))));
  const idOf = (of: SeededApplication) => api.ids.encode('application', of.id);

  test('a stopped application sends nothing more, whatever process its keys ask, until it is resumed', async () => {
    const sender = await application.secretKey('notifications:send', 'notifications:read');
    await sendIt(api, sender);
    await sendIt(api, sender, { sendAt });
    await sendIt(second, sender, { sendAt });
    const stop = `mutation { stopApplication(id: "${idOf(application)}") { stoppedAt } }`;
    const stopping = must<{ stopApplication: { stoppedAt: string } }>(api, platform, stop);
    // the other process goes on accepting for as long as it remembers the key
    let late = 0;
    const deadline = performance.now() + 30_000;
    while (codeOf(await sendIt(second, sender, { sendAt })) === undefined) {
      late += 1;
      expect(performance.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(Date.parse((await stopping).stopApplication.stoppedAt)).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(0);
    expect(await statuses()).toEqual({ CANCELLED: 3 + late });

    for (const at of [api, second]) {
      expect(codeOf(await sendIt(at, sender))).toBe('FORBIDDEN');
      expect(codeOf(await sendIt(at, application.admin))).toBe('FORBIDDEN');
      expect(await codes(at, application.publishable, ['{ vapidPublicKey }', '{ viewer { name } }'])).toEqual(
        [...['FORBIDDEN', 'FORBIDDEN']],
      );
      const reads = ['{ applications { stoppedAt } }', '{ notifications { edges { node { id } } } }'];
      expect(
        await codes(at, application.admin, [...reads, 'mutation { rotateVapidKey { publicKey } }']),
      ).toEqual([...[undefined, undefined, 'FORBIDDEN']]);
      expect(codeOf(await sendIt(at, platform.admin))).toBeUndefined();
    }

    const resume = `mutation { resumeApplication(id: "${idOf(application)}") { stoppedAt } }`;
    expect(await must(api, application, resume)).toEqual({ resumeApplication: { stoppedAt: null } });
    expect(codeOf(await sendIt(api, sender, { sendAt }))).toBeUndefined();
  });

  /** Stops an application and gives what comes last, which a process does half a minute later. */
  const stopNow = async ({ id }: SeededApplication) => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await stopApplication({ database: database(), settleMs: 0 }, id, () => undefined);
    const [late] = timers.mock.calls.find(([, ms]) => Number(ms) > 30_000) ?? [];
    timers.mockRestore();
    return async () => late?.();
  };
  /** What a request does that was admitted before and waited for the database. */
  const storeLate = ({ id: applicationId }: SeededApplication) =>
    acceptNotification(
      {
        ...{ database: database(), ids: api.ids, receiptUrl: '', receiptTokenLength },
        announce: () => undefined,
      },
      {
        ...{ applicationId, apiKeyId: 1, content: { title: 'Hi' }, audience: { userIds: ['ada'] } },
        ...{ sendAt: Date.parse(sendAt), ttlSeconds: 60, urgency: 'normal' },
      },
    );

  test('what was being stored when the application was stopped is cancelled in the end', async () => {
    const slow = await seedApplication(database());
    const cancelLate = await stopNow(slow);
    await storeLate(slow);
    await cancelLate();
    expect(await statuses(slow)).toEqual({ CANCELLED: 1 });
  });

  test('but not what an application sends that was resumed before that', async () => {
    const resumed = await seedApplication(database());
    const cancelLate = await stopNow(resumed);
    await must(api, resumed, `mutation { resumeApplication(id: "${idOf(resumed)}") { id } }`);
    expect(codeOf(await sendIt(api, resumed.admin, { sendAt }))).toBeUndefined();
    await cancelLate();
    expect(await statuses(resumed)).toEqual({ SCHEDULED: 1 });
  });

  test('an admin stops its own application and no other', async () => {
    const [own, other] = [await seedApplication(database()), await seedApplication(database())];
    const stop = (of: SeededApplication) => `mutation { stopApplication(id: "${idOf(of)}") { id } }`;
    expect(await codes(api, own.admin, [stop(other), stop(own)])).toEqual(['NOT_FOUND', undefined]);
    expect(await codes(api, await other.secretKey('notifications:send'), [stop(other)])).toEqual([
      'FORBIDDEN',
    ]);
    expect(await codes(api, other.publishable, ['{ vapidPublicKey }'])).toEqual([undefined]);
  });

  test('revoking a stolen key takes back what it has sent, and nothing of other keys', async () => {
    const victim = await seedApplication(database());
    const stolen = await victim.secretKey('notifications:send');
    await sendIt(api, stolen, { sendAt });
    await sendIt(second, stolen, { sendAt });
    await sendIt(api, await victim.secretKey('notifications:send'), { sendAt });
    const { apiKeys } = await must<{ apiKeys: { id: string; scopes: string[] }[] }>(
      api,
      victim,
      '{ apiKeys { id scopes } }',
    );
    const [, theirs] = apiKeys.filter(({ scopes }) => scopes.includes('notifications:send'));
    const revoke = `mutation { revokeApiKey(id: "${theirs?.id}", cancelNotifications: true) }`;
    expect(await must(api, victim, revoke)).toEqual({ revokeApiKey: true });
    expect(await statuses(victim)).toEqual({ CANCELLED: 2, SCHEDULED: 1 });
    expect(codeOf(await sendIt(second, stolen))).toBe('UNAUTHENTICATED');
  });
});
