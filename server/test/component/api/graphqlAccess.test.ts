import type { ApiKeyScope } from '../../../src/model/apiKey';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const send = `mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }`;
const content = { title: 'Hello' };

describeEachDatabase('who may do what', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  let other: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    application = await seedApplication(database());
    other = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const sent = async (key: string): Promise<string> => {
    const answer = await api.call<{ sendNotification: { notification: { id: string } } }>(key, send, {
      input: { audience: { everyone: true }, content },
    });
    return answer.data?.sendNotification.notification.id ?? '';
  };
  const codeOf = (answer: { errors?: ReadonlyArray<{ extensions: { code: string } }> }) =>
    answer.errors?.[0]?.extensions.code;

  const operations: Record<string, { document: () => string; scopes: ApiKeyScope[]; publishable: boolean }> =
    {
      vapidPublicKey: {
        document: () => '{ vapidPublicKey }',
        // any key will do
        scopes: [
          'notifications:send',
          'notifications:read',
          'subscriptions:read',
          'subscriptions:write',
          'admin',
        ],
        publishable: true,
      },
      notification: {
        document: () => `{ notification(id: "${api.ids.encode('notification', 999_999)}") { id } }`,
        scopes: ['notifications:read', 'admin'],
        publishable: false,
      },
      notifications: {
        document: () => '{ notifications { edges { node { id } } } }',
        scopes: ['notifications:read', 'admin'],
        publishable: false,
      },
      pushSubscriptions: {
        document: () => '{ pushSubscriptions { edges { node { id } } } }',
        scopes: ['subscriptions:read', 'admin'],
        publishable: false,
      },
      audienceSize: {
        document: () => '{ audienceSize(audience: { everyone: true }) }',
        scopes: ['subscriptions:read', 'notifications:send', 'admin'],
        publishable: false,
      },
      subscribe: {
        document: () => {
          const { endpoint, keys } = browserSubscription();
          return `mutation { subscribe(input: { subscription: { endpoint: "${endpoint}", keys: { p256dh: "${keys.p256dh}", auth: "${keys.auth}" } } }) { created } }`;
        },
        scopes: ['subscriptions:write', 'admin'],
        publishable: true,
      },
      unsubscribe: {
        document: () =>
          'mutation { unsubscribe(input: { endpoint: "https://push.example.org/nobody" }) { unsubscribed } }',
        scopes: ['subscriptions:write', 'admin'],
        publishable: true,
      },
      sendNotification: {
        document: () =>
          'mutation { sendNotification(input: { audience: { everyone: true }, content: { title: "Hello" } }) { replayed } }',
        scopes: ['notifications:send', 'admin'],
        publishable: false,
      },
      createApiKey: {
        document: () => 'mutation { createApiKey(input: { name: "x", kind: PUBLISHABLE }) { secret } }',
        scopes: ['admin'],
        publishable: false,
      },
    };
  const everyScope: ApiKeyScope[] = [
    'notifications:send',
    'notifications:read',
    'subscriptions:read',
    'subscriptions:write',
    'admin',
  ];

  describe.each(Object.keys(operations))('%s', (name) => {
    const operation = operations[name];
    if (!operation) throw new Error(name);

    test.each([undefined, 'fs_unknownunknownunknown', 'nonsense'])('refuses key %s', async (key) => {
      expect(codeOf(await api.call(key, operation.document()))).toBe('UNAUTHENTICATED');
    });

    test('looks at the kind of the key', async () => {
      const answer = await api.call(application.publishable, operation.document());
      expect(codeOf(answer)).toBe(operation.publishable ? undefined : 'FORBIDDEN');
    });

    test.each(everyScope)('looks for its scope: %s', async (scope) => {
      const answer = await api.call(await application.secretKey(scope), operation.document());
      expect(codeOf(answer)).toBe(operation.scopes.includes(scope) ? undefined : 'FORBIDDEN');
      if (operation.scopes.includes(scope)) expect(answer.data).toHaveProperty(name);
    });
  });

  test('cancelNotification and revokeApiKey need their scopes', async () => {
    const id = await sent(application.admin);
    const cancel = `mutation { cancelNotification(id: "${id}") { status } }`;
    expect(codeOf(await api.call(undefined, cancel))).toBe('UNAUTHENTICATED');
    expect(codeOf(await api.call(await application.secretKey('notifications:read'), cancel))).toBe(
      'FORBIDDEN',
    );
    const revoke = `mutation { revokeApiKey(id: "${api.ids.encode('apiKey', 1)}") }`;
    expect(codeOf(await api.call(undefined, revoke))).toBe('UNAUTHENTICATED');
    expect(codeOf(await api.call(await application.secretKey('notifications:send'), revoke))).toBe(
      'FORBIDDEN',
    );
    const cancelled = await api.call(application.admin, cancel);
    expect(cancelled.data).toMatchObject({ cancelNotification: { status: 'CANCELLED' } });
  });

  test('a key without admin sees only the notifications it sent', async () => {
    const mine = await application.secretKey('notifications:send', 'notifications:read');
    const theirs = await application.secretKey('notifications:send', 'notifications:read');
    const id = await sent(mine);
    const read = `query { notification(id: "${id}") { id } }`;
    const list = '{ notifications(first: 100) { edges { node { id } } } }';
    expect((await api.call(mine, read)).data).toEqual({ notification: { id } });
    expect((await api.call(theirs, read)).data).toEqual({ notification: null });
    expect((await api.call(application.admin, read)).data).toEqual({ notification: { id } });
    expect((await api.call(mine, list)).data).toEqual({ notifications: { edges: [{ node: { id } }] } });
    expect((await api.call(theirs, list)).data).toEqual({ notifications: { edges: [] } });
    expect(JSON.stringify((await api.call(application.admin, list)).data)).toContain(id);
    const cancel = `mutation { cancelNotification(id: "${id}") { id } }`;
    expect(codeOf(await api.call(theirs, cancel))).toBe('NOT_FOUND');
    expect((await api.call(mine, cancel)).data).toEqual({ cancelNotification: { id } });
  });

  test("another application's rows do not exist", async () => {
    const id = await sent(application.admin);
    const foreign = other.admin;
    expect((await api.call(foreign, `{ notification(id: "${id}") { id } }`)).data).toEqual({
      notification: null,
    });
    expect(codeOf(await api.call(foreign, `mutation { cancelNotification(id: "${id}") { id } }`))).toBe(
      'NOT_FOUND',
    );
    const subscription = browserSubscription();
    await api.call(
      application.publishable,
      'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }',
      { input: { subscription, userId: 'foreign-test', tags: ['foreign-test'] } },
    );
    const size = '{ audienceSize(audience: { userIds: ["foreign-test"] }) }';
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 1 });
    expect((await api.call(foreign, size)).data).toEqual({ audienceSize: 0 });
    const list = '{ pushSubscriptions(tag: "foreign-test") { edges { node { userId } } } }';
    expect((await api.call(foreign, list)).data).toEqual({ pushSubscriptions: { edges: [] } });
    const forget =
      'mutation ($endpoint: String!) { unsubscribe(input: { endpoint: $endpoint }) { unsubscribed } }';
    expect((await api.call(other.publishable, forget, { endpoint: subscription.endpoint })).data).toEqual({
      unsubscribe: { unsubscribed: false },
    });
    expect((await api.call(application.publishable, '{ vapidPublicKey }')).data).toEqual({
      vapidPublicKey: application.vapidPublicKey,
    });
  });

  test('a key is made, works, and ends at once when it is revoked', async () => {
    const made = await api.call<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      application.admin,
      `mutation ($input: CreateApiKeyInput!) {
        createApiKey(input: $input) { secret apiKey { id name kind scopes createdAt } }
      }`,
      { input: { name: 'CRM', kind: 'SECRET', scopes: ['notifications:read'] } },
    );
    expect(made.data?.createApiKey).toMatchObject({
      secret: expect.stringMatching(/^fs_/),
      apiKey: { name: 'CRM', kind: 'SECRET', scopes: ['notifications:read'] },
    });
    const { secret, apiKey } = made.data?.createApiKey ?? { secret: '', apiKey: { id: '' } };
    const use = '{ notifications { edges { cursor } } }';
    expect((await api.call(secret, use)).errors).toBeUndefined();
    const revoke = `mutation { revokeApiKey(id: "${apiKey.id}") }`;
    expect(codeOf(await api.call(other.admin, revoke))).toBe('NOT_FOUND');
    expect((await api.call(secret, use)).errors).toBeUndefined();
    expect((await api.call(application.admin, revoke)).data).toEqual({ revokeApiKey: true });
    expect(codeOf(await api.call(secret, use))).toBe('UNAUTHENTICATED');
    expect((await api.call(application.admin, revoke)).data).toEqual({ revokeApiKey: false });
    expect(codeOf(await api.call(application.admin, 'mutation { revokeApiKey(id: "key_x") }'))).toBe(
      'NOT_FOUND',
    );
  });
});
