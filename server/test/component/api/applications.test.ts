import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

interface Created {
  readonly createApplication: {
    readonly application: { readonly id: string; readonly name: string };
    readonly publishableKey: string;
    readonly adminKey: string;
  };
}

const create = `mutation ($input: CreateApplicationInput!) {
  createApplication(input: $input) { application { id name requireUserProof } publishableKey adminKey }
}`;
const update = `mutation ($id: ID!, $settings: ApplicationSettingsInput!) {
  updateApplication(id: $id, settings: $settings) { allowedOrigins requestsPerMinute verifySubscriptions }
}`;
const key = '{ vapidPublicKey }';

describeEachDatabase('applications', (database) => {
  let api: ApiServer;
  let platform: SeededApplication;
  let tenant: SeededApplication;

  beforeAll(async () => {
    api = await startApiServer(database());
    platform = await seedApplication(database(), { name: 'default' });
    tenant = await seedApplication(database());
  });

  afterAll(() => api.stop());

  const made = async (name: string) => {
    const answer = await api.call<Created>(platform.admin, create, { input: { name } });
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data.createApplication;
  };
  const codeOf = (answer: { errors?: ReadonlyArray<{ extensions: { code: string } }> }) =>
    answer.errors?.[0]?.extensions.code;

  test('a new one comes with keys of its own and asks for user proofs', async () => {
    const { application, publishableKey, adminKey } = await made('shop');
    expect(application).toMatchObject({ name: 'shop', requireUserProof: true });
    const keys = [publishableKey, adminKey, platform.publishable];
    const vapid = await Promise.all(
      keys.map(async (each) => (await api.call(each, key)).data?.vapidPublicKey),
    );
    expect(vapid[0]).toMatch(/^[A-Za-z0-9_-]{87}$/);
    expect(vapid[1]).toBe(vapid[0]);
    expect(vapid[2]).not.toBe(vapid[0]);
    expect((await api.call(adminKey, '{ applications { name } }')).data).toEqual({
      applications: [{ name: 'shop' }],
    });
  });

  test('only an admin of "default" makes them and sees them all', async () => {
    expect(codeOf(await api.call(tenant.admin, create, { input: { name: 'mine' } }))).toBe('FORBIDDEN');
    const list = '{ applications { id } }';
    expect((await api.call(tenant.admin, list)).data?.applications).toHaveLength(1);
    const all = (await api.call<{ applications: unknown[] }>(platform.admin, list)).data?.applications ?? [];
    expect(all.length).toBeGreaterThan(2);
  });

  test('a name is given once', async () => {
    await made('twice');
    const answer = await api.call(platform.admin, create, { input: { name: 'twice' } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: ['input', 'name'],
    });
  });

  test('an admin of "default" makes keys for others, and nobody else does', async () => {
    const { application } = await made('with keys');
    const makeKey = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    const input = { name: 'CRM', kind: 'SECRET', scopes: ['admin'], applicationId: application.id };
    expect(codeOf(await api.call(tenant.admin, makeKey, { input }))).toBe('NOT_FOUND');
    const answer = await api.call<{ createApiKey: { secret: string } }>(platform.admin, makeKey, { input });
    const secret = answer.data?.createApiKey.secret;
    expect((await api.call(secret, '{ applications { name } }')).data).toEqual({
      applications: [{ name: 'with keys' }],
    });
  });

  test('its pages are those of the allowed origins, from the next request on', async () => {
    const id = api.ids.encode('application', tenant.id);
    const from = (origin: string | undefined, secret = tenant.publishable) =>
      api.call(secret, key, {}, origin === undefined ? {} : { origin });
    expect(codeOf(await from('https://evil.example'))).toBeUndefined();
    const settings = { allowedOrigins: ['https://shop.example'], requestsPerMinute: 5_000 };
    expect((await api.call(tenant.admin, update, { id, settings })).data).toEqual({
      updateApplication: { ...settings, verifySubscriptions: false },
    });
    expect(codeOf(await from('https://shop.example'))).toBeUndefined();
    expect(codeOf(await from('https://evil.example'))).toBe('FORBIDDEN');
    expect(codeOf(await from('null'))).toBe('FORBIDDEN');
    expect(codeOf(await from('https://evil.example', tenant.admin))).toBeUndefined();
    expect(codeOf(await from(undefined))).toBeUndefined();
    await api.call(tenant.admin, update, { id, settings: { allowedOrigins: null } });
    expect(codeOf(await from('https://evil.example'))).toBeUndefined();
  });

  test.each(['verifySubscriptions', 'redactContent'])('%s is true or false, and not null', async (name) => {
    const id = api.ids.encode('application', tenant.id);
    const { errors } = await api.call(tenant.admin, update, { id, settings: { [name]: null } });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['settings', name] });
  });

  test.each([
    [{ allowedOrigins: ['https://shop.example/'] }, ['settings', 'allowedOrigins', 0]],
    [{ allowedOrigins: ['*'] }, ['settings', 'allowedOrigins', 0]],
    [{ allowedOrigins: ['https://*.shop.example'] }, ['settings', 'allowedOrigins', 0]],
    [
      { allowedOrigins: ['https://shop.example', 'https://shop*.example'] },
      ['settings', 'allowedOrigins', 1],
    ],
    [{ requestsPerMinute: 0 }, ['settings', 'requestsPerMinute']],
    [{ subscriptionsPerUser: -1 }, ['settings', 'subscriptionsPerUser']],
  ])('%j is refused', async (settings, path) => {
    const id = api.ids.encode('application', tenant.id);
    const answer = await api.call(tenant.admin, update, { id, settings });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path });
  });

  describe('rotation of the VAPID key', () => {
    const keys = '{ vapidKeys { publicKey subscriptions retiredAt } }';
    const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
    const retire =
      'mutation ($publicKey: String!, $force: Boolean! = false) { retireVapidKey(publicKey: $publicKey, force: $force) { subscriptions retiredAt } }';

    test('several live at once, nobody is lost, and the old one ends at zero or by force', async () => {
      const { adminKey, publishableKey } = await made(`rotating ${database().kind}`);
      const current = async () => String((await api.call(publishableKey, key)).data?.vapidPublicKey);
      const count = async () =>
        (await api.call<{ vapidKeys: { publicKey: string; subscriptions: number }[] }>(adminKey, keys)).data
          ?.vapidKeys ?? [];
      const old = await current();
      const [first, second] = [browserSubscription(), browserSubscription()];
      for (const subscription of [first, second]) {
        await api.call(publishableKey, subscribe, { input: { subscription } });
      }
      await api.call(adminKey, 'mutation { rotateVapidKey { publicKey } }');
      const fresh = await current();
      expect(fresh).not.toBe(old);
      expect(await count()).toEqual([
        { publicKey: fresh, subscriptions: 0, retiredAt: null },
        { publicKey: old, subscriptions: 2, retiredAt: null },
      ]);
      // a page that asked for the key before the rotation and subscribes after it
      const late = { subscription: browserSubscription(), applicationServerKey: old };
      expect((await api.call(publishableKey, subscribe, { input: late })).errors).toBeUndefined();
      expect((await count()).map((each) => each.subscriptions)).toEqual([0, 3]);
      // a browser that comes by again
      const moved = {
        subscription: browserSubscription(),
        applicationServerKey: fresh,
        replaces: first.endpoint,
      };
      await api.call(publishableKey, subscribe, { input: moved });
      expect((await count()).map((each) => each.subscriptions)).toEqual([1, 2]);
      expect(codeOf(await api.call(adminKey, retire, { publicKey: old }))).toBe('BAD_USER_INPUT');
      expect(codeOf(await api.call(adminKey, retire, { publicKey: fresh }))).toBe('BAD_USER_INPUT');
      expect(codeOf(await api.call(tenant.admin, retire, { publicKey: old, force: true }))).toBe('NOT_FOUND');
      const ended = await api.call<{ retireVapidKey: unknown }>(adminKey, retire, {
        publicKey: old,
        force: true,
      });
      expect(ended.data?.retireVapidKey).toEqual({ subscriptions: 0, retiredAt: expect.any(String) });
      expect((await api.call(adminKey, '{ audienceSize(audience: { everyone: true }) }')).data).toEqual({
        audienceSize: 1,
      });
      const tooLate = await api.call(publishableKey, subscribe, { input: late });
      expect(tooLate.errors?.[0]?.extensions).toEqual({
        code: 'BAD_USER_INPUT',
        path: ['input', 'applicationServerKey'],
      });
    });
  });
});
