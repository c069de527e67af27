import { must } from '../../support/api/accessWorld';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

interface Health {
  readonly queueHealth: {
    readonly lanes: readonly { lane: string; queued: number; depth: number | null }[];
    readonly deadLetters: number | null;
  };
}

describeEachDatabase('queueHealth', (database) => {
  let api: ApiServer;
  let platform: SeededApplication;
  let tenant: SeededApplication;
  let other: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    platform = await seedApplication(database(), { name: 'default' });
    tenant = await seedApplication(database());
    other = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const waiting = async (application: SeededApplication) => {
    const query = '{ queueHealth { deadLetters lanes { lane depth queued } } }';
    const { queueHealth } = await must<Health>(api, application, query);
    const lane = queueHealth.lanes.find((each) => each.lane === 'TRANSACTIONAL');
    return { queued: lane?.queued ?? 0, depth: lane?.depth, deadLetters: queueHealth.deadLetters };
  };

  test('counts waiting work for the whole installation, and for an application its own', async () => {
    const before = await waiting(platform);
    const subscription = browserSubscription();
    const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
    await must(api, tenant, subscribe, { input: { subscription, userId: 'queue' } });
    await must(
      api,
      tenant,
      'mutation { sendNotification(input: { audience: { userIds: ["queue"] }, content: { title: "x" } }) { replayed } }',
    );
    expect(await waiting(platform)).toEqual({ queued: before.queued + 1, depth: 0, deadLetters: 0 });
    expect(await waiting(tenant)).toEqual({ queued: 1, depth: null, deadLetters: null });
    expect(await waiting(other)).toEqual({ queued: 0, depth: null, deadLetters: null });
  });
});
