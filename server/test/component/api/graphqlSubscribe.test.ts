import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const document = `mutation ($input: SubscribeInput!) {
  subscribe(input: $input) {
    created
    subscription { id userId tags pushService locale timeZone createdAt lastSeenAt }
  }
}`;

interface Subscribed {
  subscribe: { created: boolean; subscription: { id: string; userId: string | null; tags: string[] } };
}

describeEachDatabase('subscribe', (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const subscribe = (input: Record<string, unknown>, key = application.publishable, token?: string) =>
    api.call<Subscribed>(key, document, { input }, token === undefined ? {} : { 'x-fanfare-user': token });
  const rows = () => database().entities.find(PushSubscription);
  const userOf = async (input: Record<string, unknown>, key?: string, token?: string) =>
    (await subscribe(input, key, token)).data?.subscribe.subscription.userId;

  test('PushSubscription.toJSON() goes in as it is; neither endpoint nor keys come out', async () => {
    const subscription = browserSubscription();
    const answer = await subscribe({
      subscription,
      userId: 'ada',
      tags: ['news', 'beta', 'news'],
      locale: 'de-de',
      timeZone: 'Europe/Berlin',
    });
    expect(answer.data?.subscribe).toMatchObject({
      created: true,
      subscription: {
        id: expect.stringMatching(/^sub_/),
        userId: 'ada',
        tags: ['beta', 'news'],
        pushService: 'push.example.org',
        locale: 'de-DE',
        timeZone: 'Europe/Berlin',
      },
    });
    const row = (await rows()).at(-1);
    expect(row?.endpoint).toBe(subscription.endpoint);
    expect(row?.p256dh.toString('base64url')).toBe(subscription.keys.p256dh);
    expect(row?.sealedAuth.includes(Buffer.from(subscription.keys.auth, 'base64url'))).toBe(false);
  });

  test('one push subscription per endpoint: a second call refreshes, and keeps what it does not name', async () => {
    const subscription = browserSubscription();
    const first = await subscribe({ subscription, userId: 'bob', tags: ['a'] });
    const keys = { ...browserSubscription().keys, auth: subscription.keys.auth };
    const fresh = { ...subscription, keys };
    const again = await subscribe({ subscription: fresh });
    expect(again.data?.subscribe).toMatchObject({
      created: false,
      subscription: { id: first.data?.subscribe.subscription.id, userId: 'bob', tags: ['a'] },
    });
    expect((await rows()).at(-1)?.p256dh.toString('base64url')).toBe(fresh.keys.p256dh);
    const moved = await subscribe({ subscription, userId: 'eve', tags: [] });
    expect(moved.data?.subscribe.subscription).toMatchObject({ userId: 'eve', tags: [] });
  });

  test('a language and a time zone that nobody entered and nobody can read are stored as null', async () => {
    const subscription = browserSubscription();
    const answer = await subscribe({ subscription, locale: 'en-US@posix', timeZone: 'Etc/Unknown' });
    expect(answer.data?.subscribe).toMatchObject({
      created: true,
      subscription: { locale: null, timeZone: null },
    });
  });

  test('ten first calls at once for one endpoint make one row', async () => {
    const subscription = browserSubscription();
    const before = (await rows()).length;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => subscribe({ subscription, tags: ['x'] })),
    );
    expect(answers.map((answer) => answer.errors)).toEqual(answers.map(() => undefined));
    expect(answers.filter((answer) => answer.data?.subscribe.created)).toHaveLength(1);
    expect((await rows()).length).toBe(before + 1);
  });

  test('replaces: user and tags move over, the old one is no longer reached', async () => {
    const old = browserSubscription();
    await subscribe({ subscription: old, userId: 'mover', tags: ['kept'] });
    const answer = await subscribe({ subscription: browserSubscription(), replaces: old.endpoint });
    expect(answer.data?.subscribe).toMatchObject({
      created: true,
      subscription: { userId: 'mover', tags: ['kept'] },
    });
    const size = '{ audienceSize(audience: { userIds: ["mover"] }) }';
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 1 });
  });

  test('a logout takes the user away and keeps browser and tags, until somebody logs in', async () => {
    const subscription = browserSubscription();
    await subscribe({ subscription, userId: 'shared-1', tags: ['kept'] });
    const left = await subscribe({ subscription, detachUser: true });
    expect(left.data?.subscribe).toMatchObject({
      created: false,
      subscription: { userId: null, tags: ['kept'] },
    });
    const sizeOf = async (userId: string) =>
      (await api.call(application.admin, `{ audienceSize(audience: { userIds: ["${userId}"] }) }`)).data
        ?.audienceSize;
    expect(await sizeOf('shared-1')).toBe(0);
    const renewed = browserSubscription();
    expect(await userOf({ subscription: renewed, replaces: subscription.endpoint })).toBeNull();
    expect(await userOf({ subscription: renewed, userId: 'shared-2' })).toBe('shared-2');
    expect(await userOf({ subscription: renewed, detachUser: false })).toBe('shared-2');
    expect(await sizeOf('shared-2')).toBe(1);
  });

  test('a logout together with the endpoint that was replaced leaves nobody behind', async () => {
    const old = browserSubscription();
    await subscribe({ subscription: old, userId: 'left' });
    const input = { subscription: browserSubscription(), replaces: old.endpoint, detachUser: true };
    expect(await userOf(input)).toBeNull();
  });

  test('unsubscribe is idempotent, and subscribing wakes the row again', async () => {
    const subscription = browserSubscription();
    await subscribe({ subscription, userId: 'sleeper' });
    const forget = () =>
      api.call(
        application.publishable,
        'mutation ($endpoint: String!) { unsubscribe(input: { endpoint: $endpoint }) { unsubscribed } }',
        { endpoint: subscription.endpoint },
      );
    expect((await forget()).data).toEqual({ unsubscribe: { unsubscribed: true } });
    expect((await forget()).data).toEqual({ unsubscribe: { unsubscribed: false } });
    const size = '{ audienceSize(audience: { userIds: ["sleeper"] }) }';
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 0 });
    expect((await subscribe({ subscription })).data?.subscribe.created).toBe(false);
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 1 });
  });

  const at = (field: string) => ['input', 'subscription', ...field.split('.')];
  const good = browserSubscription();
  const withKeys = (keys: Record<string, string>) => ({
    subscription: { ...good, keys: { ...good.keys, ...keys } },
  });
  const withEndpoint = (endpoint: string) => ({ subscription: { ...good, endpoint } });
  const refusals: [string, Record<string, unknown>, string, string[]][] = [
    [
      'a foreign host',
      withEndpoint('https://evil.example/x.push.example.org/'),
      'ENDPOINT_NOT_ALLOWED',
      at('endpoint'),
    ],
    [
      'the metadata service',
      withEndpoint('https://169.254.169.254/latest'),
      'ENDPOINT_NOT_ALLOWED',
      at('endpoint'),
    ],
    ['plain http', withEndpoint('http://push.example.org/x'), 'ENDPOINT_NOT_ALLOWED', at('endpoint')],
    ['no URL', withEndpoint('nonsense'), 'BAD_USER_INPUT', at('endpoint')],
    ['a short key', withKeys({ p256dh: 'AAAA' }), 'BAD_USER_INPUT', at('keys.p256dh')],
    ['a short secret', withKeys({ auth: 'AAAA' }), 'BAD_USER_INPUT', at('keys.auth')],
    [
      'a long tag',
      { subscription: good, tags: ['x'.repeat(65)] },
      'BAD_USER_INPUT',
      ['input', 'tags', 0 as never],
    ],
    [
      'a login in the same breath as a logout',
      { subscription: good, userId: 'ada', detachUser: true },
      'BAD_USER_INPUT',
      ['input', 'detachUser'],
    ],
    ['no keys', { subscription: { endpoint: good.endpoint } }, 'BAD_USER_INPUT', ['input', 'subscription']],
  ];

  test.each(refusals)('%s is refused, and nothing is stored', async (_name, input, code, path) => {
    const before = (await rows()).length;
    const answer = await subscribe(input);
    expect(answer.errors?.[0]?.extensions).toEqual({ code, path });
    expect(JSON.stringify(answer.errors)).not.toContain(good.keys.auth);
    expect((await rows()).length).toBe(before);
  });
});
