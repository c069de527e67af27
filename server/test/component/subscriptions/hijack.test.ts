import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { type ApiServer, browserSubscription, codeOf, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const subscribe = `mutation ($input: SubscribeInput!) {
  subscribe(input: $input) { created subscription { id userId } }
}`;
const proofSecret = Buffer.from('a secret of thirty-two characters');
const withOtherAuth = (subscription: ReturnType<typeof browserSubscription>) => ({
  ...subscription,
  keys: { ...subscription.keys, auth: randomBytes(16).toString('base64url') },
});

describeEachDatabase("somebody else's browser", (database) => {
  let api: ApiServer;
  let application: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database(), { rules: { subscriptionsPerUser: 3 } });
    const userProofSecret = api.userProofBox.seal(proofSecret);
    application = await seedApplication(database(), { userProofSecret });
  });

  afterAll(() => api.stop());

  const tokenFor = (sub: string) =>
    new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m').sign(proofSecret);
  const register = (input: object, key = application.publishable, token?: string) =>
    api.call<{ subscribe: { subscription: { id: string; userId: string | null } } }>(
      key,
      subscribe,
      { input },
      token === undefined ? {} : { 'x-fanfare-user': token },
    );

  test('is not taken over by those who know its endpoint', async () => {
    const subscription = browserSubscription();
    await register({ subscription, userId: 'ann' });
    for (const userId of ['eve', 'ann', undefined]) {
      expect(codeOf(await register({ subscription: withOtherAuth(subscription), userId }))).toBe('FORBIDDEN');
    }
    const eve = await register(
      { subscription: withOtherAuth(subscription) },
      undefined,
      await tokenFor('eve'),
    );
    expect(codeOf(eve)).toBe('FORBIDDEN');
    const size = '{ audienceSize(audience: { userIds: ["ann"] }) }';
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 1 });
  });

  test('nor when it has retired', async () => {
    const subscription = browserSubscription();
    await register({ subscription, userId: 'retired ann' });
    const forget = 'mutation ($e: String!) { unsubscribe(input: { endpoint: $e }) { unsubscribed } }';
    await api.call(application.publishable, forget, { e: subscription.endpoint });
    expect(codeOf(await register({ subscription: withOtherAuth(subscription) }))).toBe('FORBIDDEN');
  });

  test('its auth secret, the proof of its user, or a secret key moves it on', async () => {
    const subscription = browserSubscription();
    const userOf = async (answer: Promise<Awaited<ReturnType<typeof register>>>) =>
      (await answer).data?.subscribe.subscription.userId;
    expect(await userOf(register({ subscription, userId: 'bob' }))).toBe('bob');
    expect(await userOf(register({ subscription, userId: 'bea' }))).toBe('bea');
    const renewed = withOtherAuth(subscription);
    expect(await userOf(register({ subscription: renewed }, undefined, await tokenFor('bea')))).toBe('bea');
    const key = await application.secretKey('subscriptions:write');
    expect(await userOf(register({ subscription: withOtherAuth(renewed), userId: 'ben' }, key))).toBe('ben');
  });

  test('where users must be proved, an endpoint alone moves no user over', async () => {
    const guarded = await seedApplication(database(), {
      requireUserProof: true,
      userProofSecret: api.userProofBox.seal(proofSecret),
    });
    const old = browserSubscription();
    await register({ subscription: old }, guarded.publishable, await tokenFor('vic'));
    const replaces = old.endpoint;
    const heir = async (input: object, token?: string) =>
      (
        await register(
          { subscription: browserSubscription(), replaces, ...input },
          guarded.publishable,
          token,
        )
      ).data?.subscribe.subscription.userId;
    expect(await heir({})).toBeNull();
    expect(await heir({ replacesAuth: randomBytes(16).toString('base64url') })).toBeNull();
    expect(await heir({}, await tokenFor('eve'))).toBe('eve');
    const size = '{ audienceSize(audience: { userIds: ["vic"] }) }';
    expect((await api.call(guarded.admin, size)).data).toEqual({ audienceSize: 1 });
    expect(await heir({ replacesAuth: old.keys.auth })).toBe('vic');
    expect((await api.call(guarded.admin, size)).data).toEqual({ audienceSize: 1 });
    expect(await heir({}, await tokenFor('vic'))).toBe('vic');
  });

  test('one user has so many browsers, and no more from web pages', async () => {
    const input = () => ({ subscription: browserSubscription(), userId: 'many' });
    for (let n = 0; n < 3; n += 1) expect(codeOf(await register(input()))).toBeUndefined();
    expect(codeOf(await register(input()))).toBe('RATE_LIMITED');
    const anonymous = browserSubscription();
    expect(codeOf(await register({ subscription: anonymous }))).toBeUndefined();
    expect(codeOf(await register({ subscription: anonymous, userId: 'many' }))).toBe('RATE_LIMITED');
    expect(codeOf(await register(input(), application.admin))).toBeUndefined();
  });

  test('at the limit a browser may still be replaced, and nothing else makes room', async () => {
    const token = await tokenFor('full');
    const browsers = Array.from({ length: 3 }, () => browserSubscription());
    for (const subscription of browsers) {
      expect(codeOf(await register({ subscription }, undefined, token))).toBeUndefined();
    }
    const [first, second, third] = browsers;
    const renewed = browserSubscription();
    const replacing = { subscription: renewed, replaces: first?.endpoint, replacesAuth: first?.keys.auth };
    expect(codeOf(await register(replacing, undefined, token))).toBeUndefined();
    const size = '{ audienceSize(audience: { userIds: ["full"] }) }';
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 3 });

    // the one that was replaced is gone: naming it again makes no room, and waking it makes one more
    const again = { subscription: browserSubscription(), replaces: first?.endpoint };
    expect(codeOf(await register(again, undefined, token))).toBe('RATE_LIMITED');
    expect(codeOf(await register(again))).toBe('RATE_LIMITED');
    expect(codeOf(await register({ subscription: first }, undefined, token))).toBe('RATE_LIMITED');
    // what is refused has replaced nothing
    const refused = { subscription: browserSubscription(), userId: 'many', replaces: second?.endpoint };
    expect(codeOf(await register(refused))).toBe('RATE_LIMITED');
    expect(codeOf(await register({ subscription: third }, undefined, token))).toBeUndefined();
    expect((await api.call(application.admin, size)).data).toEqual({ audienceSize: 3 });
  });
});
