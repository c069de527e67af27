import { getIntrospectionQuery } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { sdkDocuments } from '../../src/graphql/knownDocuments';
import { type Answer, type ApiServer, browserSubscription, startApiServer } from '../support/apiServer';
import { describeEachDatabase } from '../support/engines';
import { hostileDocuments } from '../support/hostileDocuments';
import { type SeededApplication, seedApplication } from '../support/seedApplication';
import { until } from '../support/until';

const key = '{ vapidPublicKey }';
const from = (address: string) => ({ 'x-forwarded-for': address });
const codeOf = (answer: Answer) => answer.errors?.[0]?.extensions.code;

describeEachDatabase('the door', (database) => {
  let api: ApiServer;
  let application: SeededApplication;
  const started: ApiServer[] = [];

  const start = async (rules: Parameters<typeof startApiServer>[1] = {}) => {
    const server = await startApiServer(database(), rules);
    started.push(server);
    return server;
  };

  beforeAll(async () => {
    application = await seedApplication(database());
    api = await start();
  });

  afterAll(() => Promise.all(started.map((each) => each.stop())));

  /** The code that a subscription is refused with. */
  const watchedWith = (client: Client, query: string) =>
    new Promise<unknown>((resolve) => {
      client.subscribe(
        { query },
        {
          next: () => resolve('told'),
          error: (errors) => resolve((errors as Answer['errors'])?.[0]?.extensions.code),
          complete: () => resolve('complete'),
        },
      );
    });

  const watched = async (query: string) => {
    const client = createClient({
      url: `${api.http.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${application.admin}` },
    });
    const code = await watchedWith(client, query);
    await client.dispose();
    return code;
  };

  /** One socket from an address, as a proxy reports it. */
  const socketFrom = (server: ApiServer, address: string, secret?: string) =>
    createClient({
      url: `${server.http.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers: from(address) });
        }
      },
      lazy: false,
      ...(secret !== undefined && { connectionParams: { authorization: `Bearer ${secret}` } }),
    });

  test.each(hostileDocuments)('refuses %s', async (_kind, document, code) => {
    expect(codeOf(await api.call(application.admin, document))).toBe(code);
  });

  test('refuses what hides behind a good document', async () => {
    const response = await fetch(`${api.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: key }, { query: key }]),
    });
    expect(response.status).toBe(400);
    const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const persisted = await fetch(`${api.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ extensions: hash }),
    });
    expect(await persisted.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test.each([
    ['{ vapidPublickey }'],
    ['{ notification(idd: 1) { id } }'],
    ['{ notifications(status: SENDIN) { edges { cursor } } }'],
    ['query ($a: SubscribeInpu) { vapidPublicKey }'],
  ])('%s is refused without a hint of the right name', async (document) => {
    const answer = await api.call(application.publishable, document);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors?.[0]?.message).not.toContain('Did you mean');
  });

  test.each(hostileDocuments.filter(([, text]) => text.length < 60_000))(
    'refuses %s over a WebSocket',
    async (_kind, document, code) => {
      // a document that could be read is refused for being no subscription
      expect([code, 'BAD_USER_INPUT']).toContain(await watched(document));
    },
  );

  test.each([
    [
      'depth',
      `subscription { notificationProgress(id: "a") ${'{ deliveries { edges { node '.repeat(8)} { id } ${'} } }'.repeat(8)} }`,
    ],
    [
      'aliases',
      `subscription { notificationProgress(id: "a") { ${Array.from({ length: 101 }, (_, n) => `a${n}: id`)} } }`,
    ],
    [
      'directives',
      `subscription { notificationProgress(id: "a") { ${'id @include(if: true) '.repeat(51)} } }`,
    ],
    ['tokens', `subscription { notificationProgress(id: "a") { ${'id '.repeat(1_000)} } }`],
    [
      'cost',
      `subscription { notificationProgress(id: "a") { ${Array.from({ length: 10 }, (_, n) => `a${n}: deliveries(first: 100) { edges { node { ${Array.from({ length: 60 }, (__, k) => (k < 9 ? `b${k}: id` : 'id')).join(' ')} } } }`).join(' ')} } }`,
    ],
  ])('limits the %s of a subscription', async (_kind, document) => {
    expect(await watched(document)).toBe('QUERY_TOO_COMPLEX');
  });

  test('a document the size of those that are written is answered', async () => {
    expect((await api.call(undefined, getIntrospectionQuery())).errors).toBeUndefined();
  });

  test('in production the schema is shown to admins only', async () => {
    const hidden = await start({ rules: { hidesSchema: true } });
    const reader = await application.secretKey('notifications:read');
    const inFragment = 'query { ...a } fragment a on Query { __schema { queryType { name } } }';
    for (const document of [getIntrospectionQuery(), '{ __type(name: "Query") { name } }', inFragment]) {
      for (const secret of [undefined, application.publishable, reader]) {
        expect(codeOf(await hidden.call(secret, document))).toBe('FORBIDDEN');
      }
      expect((await hidden.call(application.admin, document)).errors).toBeUndefined();
    }
    expect(
      (await hidden.call(application.publishable, '{ __typename vapidPublicKey }')).errors,
    ).toBeUndefined();
  });

  test("web pages may be held to the SDK's documents", async () => {
    const strict = await start({ rules: { onlyKnownDocuments: true } });
    const [vapidPublicKey, subscribe] = sdkDocuments;
    expect((await strict.call(application.publishable, vapidPublicKey)).errors).toBeUndefined();
    const variables = { input: { subscription: browserSubscription() } };
    expect((await strict.call(application.publishable, subscribe, variables)).errors).toBeUndefined();
    expect(codeOf(await strict.call(application.publishable, key))).toBe('FORBIDDEN');
    expect(codeOf(await strict.call(undefined, key))).toBe('FORBIDDEN');
    expect((await strict.call(application.admin, key)).errors).toBeUndefined();
  });

  test('an answer does not wait for ever', async () => {
    const hasty = await start({ rules: { requestTimeoutMs: 100 } });
    const { rows } = database().sql;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const spy = jest.spyOn(database().sql, 'rows').mockImplementation(async (...args) => {
      await held;
      return rows.apply(database().sql, args) as never;
    });
    const answer = await hasty.call(application.admin, '{ notifications { edges { cursor } } }');
    spy.mockRestore();
    release();
    expect([answer.status, codeOf(answer)]).toEqual([503, 'UNAVAILABLE']);
  });

  test('one address has no more than a hundred sockets', async () => {
    const server = await start({ rules: { trustedProxies: 1 } });
    const url = `${server.http.url.replace('http', 'ws')}/graphql`;
    const connect = (address: string) =>
      new Promise<WebSocket | string>((resolve) => {
        const socket = new WebSocket(url, 'graphql-transport-ws', { headers: from(address) });
        socket.once('open', () => resolve(socket)).once('error', (error) => resolve(error.message));
      });
    const opened = await Promise.all(Array.from({ length: 100 }, () => connect('198.51.100.40')));
    expect(opened.filter((each) => typeof each === 'string')).toEqual([]);
    expect(await connect('198.51.100.40')).toContain('429');
    const [first] = opened;
    if (first instanceof WebSocket) first.close();
    await until(async () => (await connect('198.51.100.40')) instanceof WebSocket, 'a closed one makes room');
    expect(await connect('198.51.100.41')).toBeInstanceOf(WebSocket);
  });

  test('a socket watches no more than a hundred at once', async () => {
    const client = createClient({
      url: `${api.http.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${application.admin}` },
    });
    const sent = await api.call<{ sendNotification: { notification: { id: string } } }>(
      application.admin,
      `mutation { sendNotification(input: { audience: { everyone: true }, content: { title: "x" }, sendAt: "${new Date(Date.now() + 86_400_000).toISOString()}" }) { notification { id } } }`,
    );
    const id = sent.data?.sendNotification.notification.id;
    if (id === undefined) throw new Error(JSON.stringify(sent.errors));
    const query = `subscription { notificationProgress(id: "${id}") { id } }`;
    const watch = () =>
      new Promise<string>((resolve) => {
        client.subscribe(
          { query },
          {
            next: () => resolve('told'),
            error: (errors) => resolve(String((errors as Answer['errors'])?.[0]?.extensions.code)),
            complete: () => resolve('complete'),
          },
        );
      });
    const answers = await Promise.all(Array.from({ length: 101 }, watch));
    await client.dispose();
    expect(answers.filter((answer) => answer === 'told')).toHaveLength(100);
    expect(answers).toContain('RATE_LIMITED');
  });

  describe('limits', () => {
    const rateLimits = {
      ...{ perKey: 1_000, perAddress: 40, subscribesPerAddress: 5 },
      perOperation: { audienceSize: 6 },
    };
    const rules = { rateLimits, trustedProxies: 1 };
    const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
    const subscribeFrom = (server: ApiServer, address: string, secret = application.publishable) =>
      server.call(secret, subscribe, { input: { subscription: browserSubscription() } }, from(address));
    const count = async (times: number, ask: () => Promise<Answer>) => {
      let granted = 0;
      for (let left = times; left > 0; left -= 1) if (codeOf(await ask()) === undefined) granted += 1;
      return granted;
    };

    beforeEach(() => {
      // the middle of a minute: a window that ends during the test would begin anew
      jest.spyOn(Date, 'now').mockReturnValue(Math.floor(Date.now() / 60_000) * 60_000 + 20_000);
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
      const names = Array.from({ length: 41 }, (_, n) => `a${n}: vapidPublicKey`).join(' ');
      expect(
        codeOf(await server.call(application.publishable, `{ ${names} }`, {}, from('198.51.100.3'))),
      ).toBe('RATE_LIMITED');
    });

    test('hold for one operation of a key across two servers, and leave its others alone', async () => {
      const servers = [await start({ rules }), await start({ rules })];
      let turn = 0;
      const size = '{ audienceSize(audience: { everyone: true }) }';
      const ask = (text: string) => (servers[turn++ % 2] as ApiServer).call(application.admin, text, {});
      expect(await count(10, () => ask(size))).toBe(rateLimits.perOperation.audienceSize);
      expect(codeOf(await ask(`{ again: audienceSize(audience: { everyone: true }) }`))).toBe('RATE_LIMITED');
      expect(codeOf(await ask(key))).toBeUndefined();
    });

    test('count those who guess keys', async () => {
      const server = await start({ rules });
      const codes = new Set<unknown>();
      for (let guess = 0; guess < 45; guess += 1) {
        codes.add(
          codeOf(await server.call(`fs_${'guess'.repeat(8)}${guess}`, key, {}, from('198.51.100.4'))),
        );
      }
      expect([...codes]).toEqual(['UNAUTHENTICATED', 'RATE_LIMITED']);
    });

    test('count documents that are refused, and read no more of them', async () => {
      const server = await start({ rules });
      const [, bomb = ''] = hostileDocuments.find(([kind]) => kind === 'fields within fields') ?? [];
      const codes: unknown[] = [];
      for (let sent = 0; sent < 45; sent += 1) {
        codes.push(codeOf(await server.call(undefined, bomb, {}, from('198.51.100.6'))));
      }
      expect(codes.filter((code) => code === 'QUERY_TOO_COMPLEX')).toHaveLength(rateLimits.perAddress);
      expect(codes.at(-1)).toBe('RATE_LIMITED');
    });

    test('one address leaves the others of a page its key', async () => {
      const tenant = await seedApplication(database());
      const perKey = { ...rateLimits, perKey: 60 };
      const server = await start({ rules: { rateLimits: perKey, trustedProxies: 1 } });
      const ask = () => server.call(tenant.publishable, key, {}, from('198.51.100.20'));
      expect(await count(100, ask)).toBe(rateLimits.perAddress);
      const other = () => server.call(tenant.publishable, key, {}, from('198.51.100.21'));
      expect(await count(30, other)).toBe(perKey.perKey - rateLimits.perAddress);
    });

    test.each([
      ['nobody', '198.51.100.22', () => undefined],
      ['a publishable key', '198.51.100.23', () => application.publishable],
      ['a key that does not exist', '198.51.100.24', () => `fs_${'guess'.repeat(8)}`],
    ])('hold over a WebSocket for %s, and count what is refused', async (_who, address, secret) => {
      const server = await start({ rules });
      const client = socketFrom(server, address, secret());
      const codes: unknown[] = [];
      for (let sent = 0; sent < 45; sent += 1) codes.push(await watchedWith(client, 'subscription { a'));
      await client.dispose();
      expect(codes.filter((code) => code === 'BAD_USER_INPUT')).toHaveLength(rateLimits.perAddress);
      expect(codes.at(-1)).toBe('RATE_LIMITED');
    });

    test('ask the database for no key of an address that has guessed enough, or visited', async () => {
      const server = await start({ rules });
      const lookups = jest.spyOn(database().entities, 'findOneBy');
      let guess = 0;
      const guessed = (kind: string, address: string) =>
        count(60, () =>
          server.call(`${kind}_${'guess'.repeat(8)}${guess++}`, '{ __typename }', {}, from(address)),
        );
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

    test('a forged address counts for nothing without a proxy', async () => {
      const server = await start({ rules: { rateLimits } });
      let host = 0;
      const ask = () => subscribeFrom(server, `198.51.100.${10 + host++}`);
      // this machine itself is not counted by address
      expect(await count(8, ask)).toBe(8);
    });

    test('hold for a key, as its application says', async () => {
      const tenant = await seedApplication(database());
      const id = api.ids.encode('application', tenant.id);
      const update =
        'mutation ($id: ID!) { updateApplication(id: $id, settings: { requestsPerMinute: 10 }) { id } }';
      const server = await start({ rules });
      expect((await server.call(tenant.admin, update, { id })).errors).toBeUndefined();
      expect(await count(15, () => server.call(tenant.admin, key))).toBe(10);
      expect((await server.call(application.admin, key)).errors).toBeUndefined();
    });

    test('a new minute begins anew', async () => {
      const server = await start({ rules });
      const ask = () => subscribeFrom(server, '198.51.100.5');
      expect(await count(8, ask)).toBe(5);
      const later = Date.now() + 60_000;
      jest.spyOn(Date, 'now').mockReturnValue(later);
      expect(await count(8, ask)).toBe(5);
    });
  });
});
