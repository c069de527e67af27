/** How many requests one address, key or operation has in a minute, counted by all servers together. */
import { sdkDocuments } from '../../../src/graphql/admission/knownDocuments';
import { createLog } from '../../../src/observe/log';
import {
  type Answer,
  type ApiServer,
  browserSubscription,
  codeOf,
  startApiServer,
} from '../../support/api/apiServer';
import { firstWord, socketFrom, socketTo } from '../../support/api/graphqlSockets';
import { hostileDocuments } from '../../support/api/hostileDocuments';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';

const [key, subscribe] = sdkDocuments;
const unknownWeight = 10;
const from = (address: string) => ({ 'x-forwarded-for': address });

describeEachDatabase('rate limits', (database) => {
  let application: SeededApplication;
  const started: ApiServer[] = [];

  const start = async (parts: Parameters<typeof startApiServer>[1]) => {
    const server = await startApiServer(database(), parts);
    started.push(server);
    return server;
  };

  const rateLimits = {
    ...{ perKey: 1_000, perAddress: 40, subscribesPerAddress: 5 },
    perOperation: { audienceSize: 6 },
  };
  const rules = { rateLimits, trustedProxies: 1 };
  const subscribeFrom = (server: ApiServer, address: string, secret = application.publishable) =>
    server.call(secret, subscribe, { input: { subscription: browserSubscription() } }, from(address));
  const count = async (times: number, ask: () => Promise<Answer>) => {
    let granted = 0;
    for (let left = times; left > 0; left -= 1) if (codeOf(await ask()) === undefined) granted += 1;
    return granted;
  };

  beforeAll(async () => {
    application = await seedApplication(database());
  });

  afterAll(() => Promise.all(started.map((each) => each.stop())));

  beforeEach(() => {
    // the middle of a minute: a window that ends during the test would begin anew
    jest.spyOn(database().clock, 'now').mockReturnValue(Math.floor(Date.now() / 60_000) * 60_000 + 20_000);
  });

  afterEach(() => void jest.restoreAllMocks());

  test('hold for one address across two servers, and say when to come back', async () => {
    const servers = [await start({ rules }), await start({ rules })];
    let turn = 0;
    const ask = () =>
      (servers[turn++ % 2] as ApiServer).call(application.publishable, key, {}, from('198.51.100.1'));
    expect(await count(60, ask)).toBe(rateLimits.perAddress);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 40,
      limit: 40,
      remaining: 0,
      resetAt: expect.any(String),
    });
    expect(refused.headers.get('retry-after')).toBe('40');
    const other = await servers[0]?.call(application.publishable, key, {}, from('198.51.100.2'));
    expect(other?.errors).toBeUndefined();
    expect(Number(other?.headers.get('ratelimit-remaining'))).toBeLessThan(40);
    expect(
      (await servers[0]?.call(application.admin, key, {}, from('198.51.100.1')))?.errors,
    ).toBeUndefined();
  });

  test('hold for subscribing, in one IPv6 network and over aliases', async () => {
    const server = await start({ rules });
    let host = 0;
    const ask = () => subscribeFrom(server, `2001:db8:1:2::${(host++).toString(16)}`);
    expect(await count(8, ask)).toBe(rateLimits.subscribesPerAddress);
    expect(codeOf(await subscribeFrom(server, '2001:db8:1:3::1'))).toBeUndefined();
    const input = { subscription: browserSubscription() };
    const thrice = ['a', 'b', 'c'].map((name) => `${name}: subscribe(input: $input) { created }`).join(' ');
    const together = `mutation ($input: SubscribeInput!) { ${thrice} }`;
    const askTogether = () => server.call(application.publishable, together, { input }, from('198.51.100.8'));
    expect(await count(3, askTogether)).toBe(1);
    const names = Array.from({ length: 32 }, (_, n) => `a${n}: vapidPublicKey`).join(' ');
    expect(codeOf(await server.call(application.publishable, `{ ${names} }`, {}, from('198.51.100.3')))).toBe(
      'RATE_LIMITED',
    );
  });

  test('hold for one operation of a key across two servers, and leave its others alone', async () => {
    const servers = [await start({ rules }), await start({ rules })];
    let turn = 0;
    const size = 'audienceSize(audience: { everyone: true })';
    const ask = (text: string) => (servers[turn++ % 2] as ApiServer).call(application.admin, text, {});
    expect(await count(10, () => ask(`{ ${size} again: ${size} }`))).toBe(
      rateLimits.perOperation.audienceSize / 2,
    );
    expect(codeOf(await ask(`{ again: ${size} }`))).toBe('RATE_LIMITED');
    expect(codeOf(await ask(key))).toBeUndefined();
  });

  test.each([
    ['the SDK', key, '198.51.100.4', rateLimits.perAddress],
    ['their own', '{ vapidPublicKey }', '198.51.100.7', rateLimits.perAddress / unknownWeight],
  ])('count those who guess keys with a document of %s', async (_whose, document, address, most) => {
    const server = await start({ rules });
    const codes: unknown[] = [];
    for (let guess = 0; guess < most + 5; guess += 1) {
      codes.push(codeOf(await server.call(`fs_${'guess'.repeat(8)}${guess}`, document, {}, from(address))));
    }
    expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(most);
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });

  test('count documents that are refused, and read no more of them', async () => {
    const server = await start({ rules });
    const [, bomb = ''] = hostileDocuments.find(([kind]) => kind === 'fields within fields') ?? [];
    const codes: unknown[] = [];
    for (let sent = 0; sent < 45; sent += 1) {
      codes.push(codeOf(await server.call(undefined, bomb, {}, from('198.51.100.6'))));
    }
    expect(codes.filter((code) => code === 'QUERY_TOO_COMPLEX')).toHaveLength(
      rateLimits.perAddress / unknownWeight,
    );
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });

  test('documents of the SDK count once, others ten times, and never for more than the limit', async () => {
    const server = await start({ rules });
    const other = '{ vapidPublicKey }';
    const ask = (text: string, address: string) => () =>
      server.call(application.publishable, text, {}, from(address));
    expect(await count(6, ask(other, '198.51.100.30'))).toBe(rateLimits.perAddress / unknownWeight);
    expect(await count(45, ask(key, '198.51.100.31'))).toBe(rateLimits.perAddress);
    // a back end is not limited by its address
    const backEnd = () => server.call(application.admin, other, {}, from('198.51.100.32'));
    expect(await count(50, backEnd)).toBe(50);
    const small = await start({ rules: { ...rules, rateLimits: { ...rateLimits, perAddress: 5 } } });
    const once = () => small.call(undefined, other, {}, from('198.51.100.33'));
    expect((await once()).status).toBe(200);
    expect((await once()).status).toBe(429);
  });

  test('one address leaves the others of a page its key', async () => {
    const tenant = await seedApplication(database());
    const perKey = { ...rateLimits, perKey: 60 };
    const server = await start({ rules: { rateLimits: perKey, trustedProxies: 1 } });
    const ask = () => server.call(tenant.publishable, key, {}, from('198.51.100.20'));
    expect(await count(100, ask)).toBe(rateLimits.perAddress);
    const other = () => server.call(tenant.publishable, key, {}, from('198.51.100.21'));
    expect(await count(30, other)).toBe(30);
  });

  test.each([
    ['any document', '{ __typename }', { perKey: 30, addresses: 9, network: '203.0.113' }],
    ['what a page needs', key, { perKey: 60, addresses: 2, network: '192.0.2' }],
  ])(
    'many addresses that send %s lock no visitor of the page out',
    async (_what, document, { perKey, addresses, network }) => {
      const tenant = await seedApplication(database());
      const server = await start({ rules: { rateLimits: { ...rateLimits, perKey }, trustedProxies: 1 } });
      // more in all than the key may
      for (let host = 1; host <= addresses; host += 1) {
        await count(45, () => server.call(tenant.publishable, document, {}, from(`${network}.${host}`)));
      }
      // a page that asks for more than a visit does
      const visit = () => server.call(tenant.publishable, key, {}, from(`${network}.99`));
      expect(await count(25, visit)).toBe(25);
      expect(codeOf(await subscribeFrom(server, `${network}.99`, tenant.publishable))).toBeUndefined();
    },
  );

  let visitors = 0;
  test.each([
    ['a document', (fields: string) => `{ ${fields} }`],
    ['its fragments', (fields: string) => `{ ...a } fragment a on Query { ${fields} }`],
    ['its inline fragments', (fields: string) => `{ ... { ... on Query { ${fields} } } }`],
  ])('a publishable key counts each field of %s', async (_name, documentOf) => {
    const tenant = await seedApplication(database());
    const server = await start({ rules: { rateLimits: { ...rateLimits, perKey: 10 }, trustedProxies: 1 } });
    const five = documentOf(Array.from({ length: 5 }, (_, n) => `a${n}: viewer { name }`).join(' '));
    const ask = () => server.call(tenant.publishable, five, {}, from(`192.0.2.${200 + visitors++}`));
    expect(await count(4, ask)).toBe(2);
  });

  test('documents that are refused take nothing from the key', async () => {
    const tenant = await seedApplication(database());
    const server = await start({ rules: { rateLimits: { ...rateLimits, perKey: 10 }, trustedProxies: 1 } });
    for (let host = 1; host <= 3; host += 1) {
      await count(40, () => server.call(tenant.publishable, '{ nonsense }', {}, from(`203.0.113.1${host}`)));
    }
    expect(
      codeOf(await server.call(tenant.publishable, '{ viewer { name } }', {}, from('203.0.113.98'))),
    ).toBeUndefined();
  });

  const forms: [string, (n: number) => string][] = [
    ['an IPv4 address with changing ports', (n) => `198.51.100.60:${4_000 + n}`],
    ['an IPv6 address in brackets with changing ports', (n) => `[2001:db8:60::1]:${4_000 + n}`],
    ['an IPv6 address with changing zones', (n) => `fe80::60%eth${n}`],
    ['a quoted address', (n) => `"198.51.100.61:${4_000 + n}"`],
    ['an IPv4 address in IPv6', () => '::ffff:198.51.100.62'],
  ];
  test.each(forms)('hold for %s', async (_name, addressOf) => {
    const server = await start({ rules });
    let n = 0;
    const ask = () => server.call(application.publishable, key, {}, from(addressOf(n++)));
    expect(await count(45, ask)).toBe(rateLimits.perAddress);
  });

  test('hold for everything that is not an address, together', async () => {
    const server = await start({ rules });
    const odd = ['unknown', '_hidden', ' ', '1.2.3', 'localhost'];
    let n = 0;
    const ask = () =>
      server.call(application.publishable, key, {}, from(`${odd[n % odd.length]}${n++ % 2 ? '' : ' '}`));
    expect(await count(45, ask)).toBe(rateLimits.perAddress);
  });

  test.each([
    ['/56', (n: number) => `2001:db8:70:${(n % 256).toString(16)}::1`, 4],
    ['/48', (n: number) => `2001:db8:71:${((n * 256) % 65_536).toString(16)}::1`, 16],
    ['IPv4 /24', (n: number) => `198.51.72.${n}`, 16],
  ])('hold for subscribing from a whole %s', async (_name, addressOf, factor) => {
    const server = await start({ rules });
    const tenant = await seedApplication(database());
    let n = 0;
    const ask = () => subscribeFrom(server, addressOf(n++), tenant.publishable);
    const most = rateLimits.subscribesPerAddress * factor;
    expect(await count(most + 10, ask)).toBe(most);
  });

  test('the operator is told once of a proxy on this machine that nobody set', async () => {
    const warnings: string[] = [];
    const log = createLog('warn', {}, { write: (line) => void warnings.push(line) });
    const server = await start({ rules: { rateLimits }, log });
    for (const address of ['198.51.100.80', '198.51.100.81']) {
      await server.call(application.publishable, key, {}, from(address));
    }
    expect(warnings.filter((text) => text.includes('FANFARE_TRUSTED_PROXIES'))).toHaveLength(1);
  });

  test.each([
    ['nobody', '198.51.100.22', () => undefined, 'UNAUTHENTICATED'],
    ['a publishable key', '198.51.100.23', () => application.publishable, 'FORBIDDEN'],
    ['a key that does not exist', '198.51.100.24', () => `fs_${'guess'.repeat(8)}`, 'UNAUTHENTICATED'],
  ])('hold over WebSockets for %s, who is let into none', async (_who, address, secret, refusal) => {
    const server = await start({ rules });
    const codes: unknown[] = [];
    for (let sent = 0; sent < 45; sent += 1) {
      const client = socketFrom(address, server.http.url, secret());
      codes.push(codeOf(await firstWord(client, 'subscription { a')));
      await client.dispose();
    }
    expect(codes.filter((code) => code === refusal)).toHaveLength(rateLimits.perAddress);
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });

  test('hold for a secret key over a WebSocket', async () => {
    const tenant = await seedApplication(database());
    const server = await start({ rules: { rateLimits: { ...rateLimits, perKey: 5 } } });
    const client = socketTo(server.http.url, tenant.admin, { lazy: false });
    const codes: unknown[] = [];
    for (let sent = 0; sent < 6; sent += 1) {
      codes.push(codeOf(await firstWord(client, 'subscription { notificationProgress(id: "a") { id } }')));
    }
    await client.dispose();
    // one was the visit
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(2);
  });

  test('ask the database for no key of an address that has guessed enough, or visited', async () => {
    const server = await start({ rules });
    const lookups = jest.spyOn(database().entities, 'findOneBy');
    let guess = 0;
    const guessed = async (kind: string, address: string) => {
      const codes: unknown[] = [];
      for (let left = 60; left > 0; left -= 1) {
        const secret = `${kind}_${'guess'.repeat(8)}${guess++}`;
        codes.push(codeOf(await server.call(secret, key, {}, from(address))));
      }
      return codes.filter((code) => code === 'UNAUTHENTICATED').length;
    };
    expect(await guessed('fs', '198.51.100.25')).toBe(rateLimits.perAddress);
    // the first that is refused tells that no more are to be looked up
    expect(lookups).toHaveBeenCalledTimes(rateLimits.perAddress + 1);
    expect(await guessed('fp', '198.51.100.26')).toBe(rateLimits.perAddress);
    expect(lookups).toHaveBeenCalledTimes(2 * rateLimits.perAddress + 1);
  });

  test('hold a secret key that was good a moment ago for no guess of its address', async () => {
    const server = await start({ rules });
    const guessing = () => server.call(`fs_${'guess'.repeat(9)}`, key, {}, from('198.51.100.27'));
    const known = () => server.call(application.admin, key, {}, from('198.51.100.27'));
    expect((await known()).errors).toBeUndefined();
    for (let sent = 0; sent < 45; sent += 1) await guessing();
    expect(codeOf(await guessing())).toBe('RATE_LIMITED');
    const later = performance.now() + 10_000;
    // what was remembered of the key is out of date by then
    jest.spyOn(performance, 'now').mockReturnValue(later);
    expect((await known()).errors).toBeUndefined();
  });

  test('hold for a proxy on this machine that nobody set, whatever address it names', async () => {
    const server = await start({ rules: { rateLimits } });
    let host = 0;
    const ask = () => subscribeFrom(server, `198.51.100.${10 + host++}`);
    expect(await count(8, ask)).toBe(rateLimits.subscribesPerAddress);
  });

  test('do not hold for programs on this machine', async () => {
    const server = await start({ rules: { rateLimits } });
    const ask = () =>
      server.call(application.publishable, subscribe, { input: { subscription: browserSubscription() } });
    expect(await count(8, ask)).toBe(8);
  });

  test('hold for a key, as its application says', async () => {
    const tenant = await seedApplication(database());
    const update =
      'mutation ($id: ID!) { updateApplication(id: $id, settings: { requestsPerMinute: 10 }) { id } }';
    const server = await start({ rules });
    const id = server.ids.encode('application', tenant.id);
    expect((await server.call(tenant.admin, update, { id })).errors).toBeUndefined();
    expect(await count(15, () => server.call(tenant.admin, key))).toBe(10);
    expect((await server.call(application.admin, key)).errors).toBeUndefined();
  });

  test('a new minute begins anew', async () => {
    const server = await start({ rules });
    const ask = () => subscribeFrom(server, '198.51.100.5');
    expect(await count(8, ask)).toBe(5);
    const later = Date.now() + 60_000;
    jest.spyOn(database().clock, 'now').mockReturnValue(later);
    expect(await count(8, ask)).toBe(5);
  });
});
