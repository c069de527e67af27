import { randomBytes } from 'node:crypto';
import {
  type Answer,
  type ApiServer,
  browserSubscription,
  startApiServer,
} from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const subscribe = `mutation ($input: SubscribeInput!) {
  subscribe(input: $input) { subscription { id } }
}`;
const update = `mutation ($id: ID!, $settings: ApplicationSettingsInput!) {
  updateApplication(id: $id, settings: $settings) { verifySubscriptions welcome }
}`;
const welcome = { title: 'Welcome', body: 'You will hear from us here.' };
const dayMs = 86_400_000;

describeEachDatabase('verification of browsers', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
  });

  afterAll(() => api.stop());

  const set = (settings: object) =>
    api.call(application.admin, update, { id: api.ids.encode('application', application.id), settings });

  beforeEach(async () => {
    application = await seedApplication(database());
    expect((await set({ verifySubscriptions: true, welcome })).errors).toBeUndefined();
    api.announced.length = 0;
  });

  afterEach(() => void jest.restoreAllMocks());

  const register = async (input: object, key = application.publishable) => {
    const answer = await api.call<{ subscribe: { subscription: { id: string } } }>(key, subscribe, { input });
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data.subscribe.subscription.id;
  };
  const size = async (audience: string) =>
    (await api.call(application.admin, `{ audienceSize(audience: ${audience}) }`)).data?.audienceSize;
  const broadcastSizes = async () => [
    await size('{ everyone: true }'),
    await size('{ tags: { anyOf: ["news"] } }'),
  ];
  /** What the service worker of a browser does with the newest notification. */
  const show = async (subscription: string) => {
    const notificationId = api.announced.at(-1)?.notificationId ?? 0;
    const subscriptionId = api.ids.decodeOne('subscription', subscription) ?? 0;
    const token = api.receiptTokens.issue(notificationId, subscriptionId);
    const answer = await api.call(
      undefined,
      `mutation { recordReceipt(token: "${token}", event: DISPLAYED) }`,
    );
    expect(answer.data).toEqual({ recordReceipt: true });
  };

  test('a browser is sent the welcome when it subscribes, and broadcasts once it has shown it', async () => {
    const id = await register({ subscription: browserSubscription(), userId: 'new', tags: ['news'] });
    expect(api.announced).toEqual([
      { lane: 'transactional', notificationId: expect.any(Number), dispatchIds: [expect.any(Number)] },
    ]);
    const sent = await api.call<{ notifications: { edges: { node: object }[] } }>(
      application.admin,
      '{ notifications { edges { node { content lane progress { targeted } } } } }',
    );
    expect(sent.data?.notifications.edges).toEqual([
      { node: { content: welcome, lane: 'TRANSACTIONAL', progress: { targeted: 1 } } },
    ]);
    expect(await broadcastSizes()).toEqual([0, 0]);
    expect(await size('{ userIds: ["new"] }')).toBe(1);
    await show(id);
    expect(await broadcastSizes()).toEqual([1, 1]);
  });

  test('it is welcomed once a day until it is verified, and never after', async () => {
    const input = { subscription: browserSubscription() };
    const start = Date.now();
    const at = (ms: number) => void jest.spyOn(database().clock, 'now').mockReturnValue(start + ms);
    const id = await register(input);
    for (const ms of [0, dayMs / 2, dayMs - 60_000]) {
      at(ms);
      await register(input);
    }
    expect(api.announced).toHaveLength(1);
    at(dayMs + 60_000);
    await register(input);
    expect(api.announced).toHaveLength(2);
    await show(id);
    at(3 * dayMs);
    await register(input);
    expect(api.announced).toHaveLength(2);
  });

  test('with other keys it proves itself anew', async () => {
    const subscription = browserSubscription();
    const input = { subscription, tags: ['news'] };
    await show(await register(input));
    const auth = randomBytes(16).toString('base64url');
    const renewed = { ...subscription, keys: { ...subscription.keys, auth } };
    const again = () => register({ ...input, subscription: renewed }, application.admin);
    await again();
    expect(await broadcastSizes()).toEqual([0, 0]);
    // its endpoint has been welcomed today: other keys bring no second message
    expect(api.announced).toHaveLength(1);
    jest.spyOn(database().clock, 'now').mockReturnValue(Date.now() + dayMs + 60_000);
    await again();
    expect(api.announced).toHaveLength(2);
  });

  test('verification moves to the browser that replaces another and is never copied', async () => {
    const real = browserSubscription();
    const id = await register({ subscription: real, tags: ['news'] });
    await show(id);
    const first = api.announced.at(-1)?.notificationId ?? 0;
    const replace = () =>
      register({
        ...{ subscription: browserSubscription(), tags: ['news'] },
        ...{ replaces: real.endpoint, replacesAuth: real.keys.auth },
      });
    for (let round = 0; round < 50; round += 1) {
      await replace();
      await register({ subscription: real });
      // a receipt of what it was sent before it was replaced proves nothing any more
      if (round === 0) {
        const token = api.receiptTokens.issue(first, api.ids.decodeOne('subscription', id) ?? 0);
        await api.call(undefined, `mutation { recordReceipt(token: "${token}", event: CLICKED) }`);
      }
    }
    expect(await broadcastSizes()).toEqual([1, 1]);
  });

  test('two that replace one browser at the same moment do not both become verified', async () => {
    const real = browserSubscription();
    await show(await register({ subscription: real, tags: ['news'] }));
    const input = () => ({
      ...{ subscription: browserSubscription(), tags: ['news'] },
      ...{ replaces: real.endpoint, replacesAuth: real.keys.auth },
    });
    await Promise.all(Array.from({ length: 12 }, () => register(input())));
    expect(await broadcastSizes()).toEqual([1, 1]);
  });

  test('the one that takes its place is the same browser, once', async () => {
    const old = browserSubscription();
    await show(await register({ subscription: old, tags: ['news'] }));
    const heir = (replacesAuth?: string) =>
      register({ subscription: browserSubscription(), replaces: old.endpoint, replacesAuth });
    await heir(old.keys.auth);
    expect(await broadcastSizes()).toEqual([1, 1]);
    expect(api.announced).toHaveLength(1);
    // the old one has retired: nobody else takes its place
    await heir(old.keys.auth);
    expect(await broadcastSizes()).toEqual([1, 1]);
    expect(api.announced).toHaveLength(2);
  });

  test('one that has ended passes nothing on', async () => {
    const { endpoint, ...old } = browserSubscription();
    await show(await register({ subscription: { endpoint, ...old }, tags: ['news'] }));
    const forget = 'mutation ($input: UnsubscribeInput!) { unsubscribe(input: $input) { unsubscribed } }';
    const { data } = await api.call(application.publishable, forget, { input: { endpoint } });
    expect(data).toEqual({ unsubscribe: { unsubscribed: true } });
    const subscription = browserSubscription();
    await register({ subscription, replaces: endpoint, replacesAuth: old.keys.auth });
    expect(await broadcastSizes()).toEqual([0, 0]);
    expect(api.announced).toHaveLength(2);
  });

  test('knowing an endpoint is not being its browser', async () => {
    const old = browserSubscription();
    await show(await register({ subscription: old }));
    await register({ subscription: browserSubscription(), replaces: old.endpoint });
    expect(await size('{ everyone: true }')).toBe(0);
    expect(api.announced).toHaveLength(2);
  });

  test('without verification nobody is welcomed', async () => {
    await set({ verifySubscriptions: false });
    await register({ subscription: browserSubscription() });
    expect(api.announced).toEqual([]);
    expect(await size('{ everyone: true }')).toBe(1);
  });

  test('it needs a welcome, of a size that push services take', async () => {
    const faultOf = ({ errors }: Answer) => errors?.[0]?.extensions;
    const path = ['settings', 'welcome'];
    expect(faultOf(await set({ welcome: null }))).toEqual({ code: 'BAD_USER_INPUT', path });
    const long = { title: 'x', body: 'x'.repeat(4_000) };
    expect(faultOf(await set({ welcome: long }))).toEqual({ code: 'PAYLOAD_TOO_LARGE', path });
    const blank = { title: ' ' };
    expect(faultOf(await set({ welcome: blank }))).toEqual({
      code: 'BAD_USER_INPUT',
      path: [...path, 'title'],
    });
    expect((await set({})).data).toEqual({
      updateApplication: { verifySubscriptions: true, welcome },
    });

    const platform = await seedApplication(database(), { name: `default` });
    const create =
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { welcome } } }';
    const make = (settings: object) =>
      api.call(platform.admin, create, { input: { name: 'made strict', settings } });
    expect(faultOf(await make({ verifySubscriptions: true }))).toEqual({
      code: 'BAD_USER_INPUT',
      path: ['input', 'settings', 'welcome'],
    });
    expect((await make({ verifySubscriptions: true, welcome })).data).toEqual({
      createApplication: { application: { welcome } },
    });
  });
});
