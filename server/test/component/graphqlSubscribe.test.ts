import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { PushSubscription } from '../../src/database/entities/pushSubscription';
import { type ApiServer, browserSubscription, startApiServer } from '../support/apiServer';
import { describeEachDatabase } from '../support/engines';
import { type SeededApplication, seedApplication } from '../support/seedApplication';

const document = `mutation ($input: SubscribeInput!) {
  subscribe(input: $input) {
    created
    subscription { id userId tags pushService locale timeZone createdAt lastSeenAt }
  }
}`;

interface Subscribed {
  subscribe: { created: boolean; subscription: { id: string; userId: string | null; tags: string[] } };
}

const proofSecret = Buffer.from('a secret of thirty-two characters');
const proofKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const proofPem = proofKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

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
      'an unknown zone',
      { subscription: good, timeZone: 'Mars/Base' },
      'BAD_USER_INPUT',
      ['input', 'timeZone'],
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

  describe('proof of the user', () => {
    let guarded: SeededApplication;
    let open: SeededApplication;
    let keyless: SeededApplication;

    beforeAll(async () => {
      const userProofSecret = api.userProofBox.seal(proofSecret);
      const keys = { userProofSecret, userProofPublicKey: proofPem };
      guarded = await seedApplication(database(), { requireUserProof: true, ...keys });
      open = await seedApplication(database(), keys);
      keyless = await seedApplication(database(), { requireUserProof: true });
    });

    const hs256 = (claims: Record<string, unknown>, expires = '5m') =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires).sign(proofSecret);
    const es256 = (claims: Record<string, unknown>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('5m')
        .sign(proofKeys.privateKey);
    const handmade = (header: object, claims: object, secret?: string | Buffer) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const text = `${part(header)}.${part(claims)}`;
      const mac = secret === undefined ? '' : createHmac('sha256', secret).update(text).digest('base64url');
      return `${text}.${mac}`;
    };
    const named = () => ({ subscription: browserSubscription(), userId: 'ada' });
    const unnamed = () => ({ subscription: browserSubscription() });

    test('a token of either algorithm proves its subject', async () => {
      expect(await userOf(named(), guarded.publishable, await hs256({ sub: 'ada' }))).toBe('ada');
      expect(await userOf(named(), guarded.publishable, await es256({ sub: 'ada' }))).toBe('ada');
    });

    test('a token for us among others proves too', async () => {
      const token = await hs256({ sub: 'ada', aud: ['billing', 'fanfare'] });
      expect(await userOf(named(), guarded.publishable, token)).toBe('ada');
    });

    test('without a userId the subject is taken', async () => {
      expect(await userOf(unnamed(), guarded.publishable, await hs256({ sub: 'ada' }))).toBe('ada');
      expect(await userOf(unnamed(), open.publishable, await es256({ sub: 'bob' }))).toBe('bob');
    });

    test.each(['', 'ada ', ' ada', 'ada\n', 'a\u0000da', 'a'.repeat(256)])(
      'a subject that is no user id, %j, is stored for nobody',
      async (sub) => {
        const before = (await rows()).length;
        const answer = await subscribe(unnamed(), guarded.publishable, await hs256({ sub }));
        expect(answer.errors?.[0]?.extensions).toEqual({
          code: 'UNAUTHENTICATED',
          path: ['input', 'userId'],
        });
        expect(await rows()).toHaveLength(before);
      },
    );

    test('a logout needs no proof, and a token that still comes along does not undo it', async () => {
      const input = named();
      await subscribe(input, guarded.publishable, await hs256({ sub: 'ada' }));
      const logout = { subscription: input.subscription, detachUser: true };
      expect(await userOf(logout, guarded.publishable)).toBeNull();
      await subscribe(input, guarded.publishable, await hs256({ sub: 'ada' }));
      expect(await userOf(logout, guarded.publishable, await hs256({ sub: 'ada' }))).toBeNull();
    });

    test('the next user of a shared browser takes it over with their own proof', async () => {
      const input = named();
      await subscribe(input, guarded.publishable, await hs256({ sub: 'ada' }));
      const { subscription } = input;
      expect(
        await userOf({ subscription, userId: 'bob' }, guarded.publishable, await hs256({ sub: 'bob' })),
      ).toBe('bob');
    });

    test('nobody named, nothing to prove', async () => {
      expect(await userOf(unnamed(), guarded.publishable)).toBeNull();
      expect(await userOf(named(), open.publishable)).toBe('ada');
    });

    test('a secret key is believed', async () => {
      expect(await userOf(named(), await guarded.secretKey('subscriptions:write'))).toBe('ada');
    });

    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    test.each<[string, () => string | undefined | Promise<string>, string]>([
      ['no token', () => undefined, 'UNAUTHENTICATED'],
      ['no JWT', () => 'nonsense', 'UNAUTHENTICATED'],
      ['another user', () => hs256({ sub: 'eve' }), 'FORBIDDEN'],
      ['expired', () => hs256({ sub: 'ada' }, '-5m'), 'UNAUTHENTICATED'],
      ['for another service', () => hs256({ sub: 'ada', aud: 'billing' }), 'UNAUTHENTICATED'],
      ['no subject', () => hs256({}), 'UNAUTHENTICATED'],
      ['no expiry', () => handmade({ alg: 'HS256' }, { sub: 'ada' }, proofSecret), 'UNAUTHENTICATED'],
      ['alg none', () => handmade({ alg: 'none' }, { sub: 'ada', exp: inAnHour }), 'UNAUTHENTICATED'],
      [
        'another secret',
        () => handmade({ alg: 'HS256' }, { sub: 'ada', exp: inAnHour }, 'guess'),
        'UNAUTHENTICATED',
      ],
      [
        'the public key as secret',
        () => handmade({ alg: 'HS256' }, { sub: 'ada', exp: inAnHour }, proofPem),
        'UNAUTHENTICATED',
      ],
      [
        'an algorithm off the list',
        () =>
          new SignJWT({ sub: 'ada' })
            .setProtectedHeader({ alg: 'HS512' })
            .setExpirationTime('5m')
            .sign(Buffer.alloc(64, 1)),
        'UNAUTHENTICATED',
      ],
    ])('%s is refused, and nothing is stored', async (_name, token, code) => {
      const before = (await rows()).length;
      const answer = await subscribe(named(), guarded.publishable, await token());
      expect(answer.errors?.[0]?.extensions).toEqual({ code, path: ['input', 'userId'] });
      expect((await rows()).length).toBe(before);
    });

    test('an admin sets the keys, which are never shown again', async () => {
      const fresh = await seedApplication(database(), { requireUserProof: true });
      const configure = (input: Record<string, unknown>, key = fresh.admin) =>
        api.call(
          key,
          `mutation ($input: ConfigureUserProofInput!) {
            configureUserProof(input: $input) { required hasSharedSecret hasPublicKey }
          }`,
          { input },
        );
      const settings = (answer: { data?: Record<string, unknown> | null }) => answer.data?.configureUserProof;
      expect((await configure({}, fresh.publishable)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      expect(
        settings(await configure({ sharedSecret: proofSecret.toString(), publicKey: proofPem })),
      ).toEqual({
        required: true,
        hasSharedSecret: true,
        hasPublicKey: true,
      });
      expect(await userOf(named(), fresh.publishable, await hs256({ sub: 'ada' }))).toBe('ada');
      expect(await userOf(named(), fresh.publishable, await es256({ sub: 'ada' }))).toBe('ada');
      expect(settings(await configure({ sharedSecret: null }))).toMatchObject({
        hasSharedSecret: false,
        hasPublicKey: true,
      });
      const refused = await subscribe(named(), fresh.publishable, await hs256({ sub: 'ada' }));
      expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(settings(await configure({ required: false }))).toMatchObject({ required: false });
      expect(await userOf(named(), fresh.publishable)).toBe('ada');
    });

    test('an application without keys cannot be proved anything', async () => {
      const answer = await subscribe(named(), keyless.publishable, await hs256({ sub: 'ada' }));
      expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });

    test('a wrong token is refused even where none is needed', async () => {
      const answer = await subscribe(named(), open.publishable, 'nonsense');
      expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });
  });
});
