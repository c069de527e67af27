import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import * as graphqlLexer from 'graphql/language/lexer';
import * as graphqlParser from 'graphql/language/parser';
import WebSocket from 'ws';
import { sdkDocuments } from '../../../src/graphql/admission/knownDocuments';
import { type ApiServer, browserSubscription, codeOf, startApiServer } from '../../support/api/apiServer';
import { firstWord, socketTo, watchOnce } from '../../support/api/graphqlSockets';
import { expensiveDocuments, hostileDocuments } from '../../support/api/hostileDocuments';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { describeEachDatabase } from '../../support/engines/engines';
import { until } from '../../support/until';

const key = '{ vapidPublicKey }';

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

  const watched = async (query: string) => codeOf(await watchOnce(api.http.url, application.admin, query));

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
    const sha256Hash = createHash('sha256').update('{ __typename }').digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const persisted = async (more: object) => {
      const body = JSON.stringify({ ...more, extensions });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${api.http.url}/graphql`, { method: 'POST', headers, body })).json();
    };
    await persisted({ query: '{ __typename }' });
    expect(await persisted({})).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
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

  test.each(expensiveDocuments)(
    'without a secret key %s is refused before it is parsed',
    async (_kind, document) => {
      const parsing = jest.spyOn(graphqlParser.Parser.prototype, 'parseDocument');
      const lexed = jest.spyOn(graphqlLexer.Lexer.prototype, 'advance');
      for (const secret of [undefined, application.publishable, `fs_${'guess'.repeat(8)}`]) {
        expect(codeOf(await api.call(secret, document))).toBe('QUERY_TOO_COMPLEX');
      }
      // no document is read from a socket without a secret key
      expect(codeOf(await watchOnce(api.http.url, application.publishable, document))).toBe('FORBIDDEN');
      expect(parsing).not.toHaveBeenCalled();
      // four requests, and no more than 101 tokens of each
      expect(lexed.mock.calls.length).toBeLessThanOrEqual(404);
      jest.restoreAllMocks();
      expect(codeOf(await api.call(application.admin, '{ viewer { name } }'))).toBeUndefined();
    },
  );

  test('without a secret key a document has 100 tokens and 10,000 characters at most', async () => {
    const aliases = (n: number) =>
      `{ ${Array.from({ length: n }, (_, k) => `a${k}:vapidPublicKey`).join(' ')} }`;
    for (const secret of [undefined, application.publishable]) {
      expect(codeOf(await api.call(secret, aliases(32)))).not.toBe('QUERY_TOO_COMPLEX');
      expect(codeOf(await api.call(secret, aliases(33)))).toBe('QUERY_TOO_COMPLEX');
      expect(codeOf(await api.call(secret, `{ ${'a'.repeat(10_000)} }`))).toBe('QUERY_TOO_COMPLEX');
    }
    expect(codeOf(await api.call(application.admin, aliases(33)))).toBeUndefined();
    // tools read the schema without a key
    const types = (tokens: number) => `{ __schema { types { ${'name '.repeat(tokens - 8)} } } }`;
    expect(codeOf(await api.call(undefined, types(250)))).toBeUndefined();
    expect(codeOf(await api.call(undefined, types(251)))).toBe('QUERY_TOO_COMPLEX');
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
    // what asks for the schema is let have more tokens, also where only a comment does
    const comment = `{ vapidPublicKey ${'__typename '.repeat(120)} } # __schema`;
    expect(codeOf(await hidden.call(application.publishable, comment))).toBe('FORBIDDEN');
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
    const parsing = jest.spyOn(graphqlParser.Parser.prototype, 'parseDocument');
    for (const [, document] of [...expensiveDocuments, ...hostileDocuments]) {
      expect(codeOf(await strict.call(application.publishable, document))).toBe('FORBIDDEN');
    }
    expect(codeOf(await watchOnce(strict.http.url, application.publishable, '{'))).toBe('FORBIDDEN');
    expect(parsing).not.toHaveBeenCalled();
    parsing.mockRestore();
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
        const socket = new WebSocket(url, 'graphql-transport-ws', {
          headers: { 'x-forwarded-for': address },
        });
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
    const client = socketTo(api.http.url, application.admin);
    const sent = await api.call<{ sendNotification: { notification: { id: string } } }>(
      application.admin,
      `mutation { sendNotification(input: { audience: { everyone: true }, content: { title: "x" }, sendAt: "${new Date(Date.now() + 86_400_000).toISOString()}" }) { notification { id } } }`,
    );
    const id = sent.data?.sendNotification.notification.id;
    if (id === undefined) throw new Error(JSON.stringify(sent.errors));
    const query = `subscription { notificationProgress(id: "${id}") { id } }`;
    const answers = await Promise.all(Array.from({ length: 101 }, () => firstWord(client, query)));
    await client.dispose();
    expect(answers.filter(({ data }) => data)).toHaveLength(100);
    expect(answers.map(codeOf)).toContain('RATE_LIMITED');
  });
});
