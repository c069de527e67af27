import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { PushSubscription } from '../../../src/database/entities/pushSubscription';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const document =
  'mutation ($input: SubscribeInput!) { subscribe(input: $input) { subscription { userId } } }';

interface Subscribed {
  subscribe: { subscription: { userId: string | null } };
}

const proofSecret = Buffer.from('a secret of thirty-two characters');
const proofKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const proofPem = proofKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

describeEachDatabase('proof of the user', (database) => {
  let api: ApiServer;
  let guarded: SeededApplication;
  let open: SeededApplication;
  let keyless: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    const userProofSecret = api.userProofBox.seal(proofSecret);
    const keys = { userProofSecret, userProofPublicKey: proofPem };
    guarded = await seedApplication(database(), { requireUserProof: true, ...keys });
    open = await seedApplication(database(), keys);
    keyless = await seedApplication(database(), { requireUserProof: true });
  });

  afterAll(() => api.stop());

  const subscribe = (input: Record<string, unknown>, key: string, token?: string) =>
    api.call<Subscribed>(key, document, { input }, token === undefined ? {} : { 'x-fanfare-user': token });
  const rows = () => database().entities.find(PushSubscription);
  const userOf = async (input: Record<string, unknown>, key: string, token?: string) =>
    (await subscribe(input, key, token)).data?.subscribe.subscription.userId;
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

  test.each([
    ['1h', undefined],
    ['3h', 'ada'],
  ])(
    'a token for %s proves %s when the clock of the database is two hours ahead',
    async (expires, userId) => {
      const token = await hs256({ sub: 'ada' }, expires);
      const now = jest.spyOn(database().clock, 'now').mockReturnValue(Date.now() + 2 * 3_600_000);
      expect(await userOf(named(), guarded.publishable, token)).toBe(userId);
      now.mockRestore();
    },
  );

  test.each<[string, object]>([
    ['a subject that is a number', { sub: 12345 }],
    ['a subject that is a list', { sub: ['ada'] }],
    ['an expiry as text', { sub: 'ada', exp: String(inAnHour) }],
    ['an expiry in a hundred years', { sub: 'ada', exp: inAnHour + 100 * 365 * 24 * 3600 }],
    ['an odd time of issue', { sub: 'ada', iat: 'now' }],
    ['an odd start', { sub: 'ada', nbf: [] }],
    ['an odd audience', { sub: 'ada', aud: { fanfare: true } }],
  ])("%s is the signer's mistake, told in words", async (_name, claims) => {
    const token = handmade({ alg: 'HS256' }, { exp: inAnHour, ...claims }, proofSecret);
    const answer = await subscribe(named(), guarded.publishable, token);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/"(sub|exp|iat|nbf|aud)"/),
      extensions: { code: 'UNAUTHENTICATED', path: ['input', 'userId'] },
    });
  });

  test('no header and no claim of any type is a fault of ours', async () => {
    const some = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('ada', inAnHour, 1e300));
    const names = ['sub', 'exp', 'iat', 'nbf', 'aud', 'iss', 'jti'];
    const claims = fc.record(Object.fromEntries(names.map((name) => [name, some])), { requiredKeys: [] });
    const header = fc.record(
      { alg: fc.constant('HS256'), typ: some, crit: some, b64: some },
      { requiredKeys: ['alg'] },
    );
    const property = fc.asyncProperty(header, claims, async (head, body) => {
      const answer = await subscribe(unnamed(), guarded.publishable, handmade(head, body, proofSecret));
      expect([undefined, 'UNAUTHENTICATED']).toContain(answer.errors?.[0]?.extensions.code);
    });
    await fc.assert(property, { numRuns: 40 });
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
    expect(settings(await configure({ sharedSecret: proofSecret.toString(), publicKey: proofPem }))).toEqual({
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
