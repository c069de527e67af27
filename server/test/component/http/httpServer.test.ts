import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Database } from '../../../src/database/openDatabase';
import { silentLog } from '../../../src/observe/log';
import { type ApiServer, startApiServer } from '../../support/api/apiServer';
import { rawStatus, upgradeTo } from '../../support/api/rawStatus';
import type { SeededApplication } from '../../support/api/seedApplication';
import { startSqliteApi } from '../../support/api/sqliteApi';

const jsonType = 'application/json';
const postJson = { method: 'POST', headers: { 'content-type': jsonType } };

describe('the HTTP server', () => {
  let database: Database;
  let api: ApiServer;
  let application: SeededApplication;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ database, api, application, close } = await startSqliteApi());
  });

  afterAll(() => close());

  const get = (path: string, init?: RequestInit) =>
    fetch(api.http.url + path, { redirect: 'manual', ...init });
  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    get('/graphql', { method: 'POST', body, headers });
  const getQuery = (query: string) =>
    get(`/graphql?query=${query}`, { headers: { authorization: `Bearer ${application.admin}` } });
  const compressed = (body: string) =>
    get('/graphql', {
      method: 'POST',
      body: new Uint8Array(gzipSync(body)),
      headers: { 'content-type': jsonType, 'content-encoding': 'gzip' },
    });
  const codeOf = async (response: Response) =>
    ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

  test('tells nobody but its log what a peer gets wrong on a WebSocket', async () => {
    const said = (['error', 'warn', 'log'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(() => undefined),
    );
    const request = upgradeTo('/graphql').replace(
      /\r\n\r\n$/,
      '\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    const unmasked = Buffer.from([0x81, 0x02, 0x68, 0x69]);
    const ended = new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(api.http.port, '127.0.0.1', () => socket.write(request));
      socket.once('data', () => socket.write(unmasked));
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('error', reject).on('close', () => resolve(text));
    });
    // closed with 1002, a protocol error
    expect(await ended).toContain('\x88\x02\x03\xea');
    expect(said.flatMap((spy) => spy.mock.calls)).toEqual([]);
    for (const spy of said) spy.mockRestore();
  });

  test('lives', async () => {
    const response = await get('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('is ready while its database is, and says when the queue is away', async () => {
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', queue: 'ok', process: 'ok' } },
    ]);
    api.queue.connected = false;
    const degraded = await get('/readyz');
    api.queue.connected = true;
    expect([degraded.status, await degraded.json()]).toEqual([
      200,
      { status: 'degraded', checks: { database: 'ok', queue: 'unavailable', process: 'ok' } },
    ]);
  });

  test('is not ready while its disk is full, and writes to learn whether it still is', async () => {
    const isFull = jest.spyOn(database, 'isStorageFull').mockReturnValue(true);
    const write = jest.spyOn(database, 'write');
    const ready = await get('/readyz');
    const probes = write.mock.calls.length;
    for (const spy of [isFull, write]) spy.mockRestore();
    expect([ready.status, await ready.json()]).toMatchObject([503, { checks: { database: 'disk full' } }]);
    expect(probes).toBe(1);
    expect((await get('/readyz')).status).toBe(200);
  });

  test('answers for its database when that fails, without its words', async () => {
    const rows = jest
      .spyOn(database.sql, 'rows')
      .mockRejectedValue(Object.assign(new Error('connect ECONNREFUSED 10.1.2.3'), { code: 'ECONNREFUSED' }));
    const ready = await get('/readyz');
    const list = await api.call(application.admin, '{ notifications { edges { cursor } } }');
    rows.mockRejectedValue(new Error('near "SELECT secret FROM": syntax error'));
    const broken = await api.call(application.admin, '{ notifications { edges { cursor } } }');
    rows.mockRestore();
    expect([ready.status, await ready.json()]).toMatchObject([503, { checks: { database: 'unavailable' } }]);
    for (const answer of [list, broken]) {
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE' });
      expect(JSON.stringify(answer)).not.toMatch(/10\.1|SELECT|stack/);
    }
    expect(broken.errors?.[0]?.message).toMatch(
      /^Something failed on our side \(reference [0-9a-f-]{36}\)\.$/,
    );
  });

  test('shows its metrics', async () => {
    const response = await get('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('answers callers of any origin, without credentials', async () => {
    const preflight = await get('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    for (const name of ['authorization', 'content-type', 'x-fanfare-user', 'apollo-require-preflight']) {
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
    }
    const traced = await get('/graphql', {
      method: 'OPTIONS',
      headers: {
        ...{ origin: 'https://shop.example', 'access-control-request-method': 'POST' },
        'access-control-request-headers': 'authorization,baggage,sentry-trace,traceparent',
      },
    });
    expect(traced.headers.get('access-control-allow-headers')).toBe(
      'authorization, baggage, sentry-trace, traceparent',
    );
    expect(traced.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
    expect(traced.headers.get('vary')).toBe('Access-Control-Request-Headers');
    const answer = await api.call(
      application.publishable,
      '{ vapidPublicKey }',
      {},
      { origin: 'https://shop.example' },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each<[string, number, string, () => Promise<Response>]>([
    ['a form', 400, 'BAD_USER_INPUT', () => post('query=x', { 'content-type': 'text/plain' })],
    ['no JSON', 400, 'BAD_USER_INPUT', () => post('{')],
    ['a number', 400, 'BAD_USER_INPUT', () => post('5')],
    ['nothing', 400, 'BAD_USER_INPUT', () => post('')],
    [
      'a foreign charset',
      415,
      'BAD_USER_INPUT',
      () => post('{}', { 'content-type': `${jsonType}; charset=ebcdic` }),
    ],
    [
      'a foreign encoding',
      415,
      'BAD_USER_INPUT',
      () => post('{}', { 'content-type': jsonType, 'content-encoding': 'lzw' }),
    ],
    [
      '300 kB that travel as less',
      413,
      'PAYLOAD_TOO_LARGE',
      () => compressed(JSON.stringify({ query: 'x'.repeat(300_000) })),
    ],
    ['PUT', 405, 'BAD_USER_INPUT', () => get('/graphql', { method: 'PUT', body: '{}' })],
    ['no query', 400, 'BAD_USER_INPUT', () => post('{}')],
    ['a batch', 400, 'BAD_USER_INPUT', () => post('[{"query":"{ __typename }"}]')],
    ['a query that does not parse', 400, 'BAD_USER_INPUT', () => post('{"query":"{"}')],
    ['a field that does not exist', 400, 'BAD_USER_INPUT', () => post('{"query":"{ nonsense }"}')],
    ['300 kB', 413, 'PAYLOAD_TOO_LARGE', () => post(JSON.stringify({ query: 'x'.repeat(300_000) }))],
    ['GET without a key', 400, 'BAD_USER_INPUT', () => get('/graphql?query={__typename}')],
    ['GET of a URL of 9,000 characters', 414, 'PAYLOAD_TOO_LARGE', () => getQuery(`{${'a'.repeat(9_000)}}`)],
    ['GET of two queries', 400, 'BAD_USER_INPUT', () => getQuery('{__typename}&query={vapidPublicKey}')],
    [
      'GET of an operation under many names',
      400,
      'QUERY_TOO_COMPLEX',
      () => getQuery(`{${Array.from({ length: 350 }, (_, n) => `a${n}:vapidPublicKey`)}}`),
    ],
    [
      'GET of a mutation',
      405,
      'BAD_USER_INPUT',
      () => getQuery('mutation{recordReceipt(token:"a",event:CLICKED)}'),
    ],
    [
      'GET of a subscription',
      405,
      'BAD_USER_INPUT',
      () => getQuery('subscription{notificationProgress(id:"a"){id}}'),
    ],
    ['a head of 17 kB', 431, '', () => get('/healthz', { headers: { accept: 'a'.repeat(17_000) } })],
    ['HEAD', 405, '', () => get('/graphql', { method: 'HEAD' })],
    ['a path nobody serves', 404, 'NOT_FOUND', () => get('/nowhere')],
    ['a path outside', 404, 'NOT_FOUND', () => get('/sdk/%2e%2e/%2e%2e/package.json')],
    ['a malformed path', 404, 'NOT_FOUND', () => get('/sdk/%E0%A4%A')],
    [
      'lists within lists',
      400,
      'QUERY_TOO_COMPLEX',
      () =>
        post(
          JSON.stringify({
            query:
              '{ notifications(first: 100) { edges { node { deliveries(first: 100) { edges { node { id status reason attempts pushService } } } } } } }',
          }),
        ),
    ],
    [
      'an operation under many names',
      400,
      'QUERY_TOO_COMPLEX',
      () =>
        post(
          JSON.stringify({ query: `{ ${Array.from({ length: 1000 }, (_, n) => `a${n}: vapidPublicKey`)} }` }),
        ),
    ],
    [
      'a document nested without end',
      400,
      'QUERY_TOO_COMPLEX',
      () => post(JSON.stringify({ query: '{a'.repeat(4_900) + '}'.repeat(4_900) })),
    ],
    [
      'a document of too many tokens',
      400,
      'QUERY_TOO_COMPLEX',
      () => post(JSON.stringify({ query: '{a}'.repeat(4_000) })),
    ],
  ])('%s is refused with %i %s', async (_name, status, code, ask) => {
    const response = await ask();
    expect([response.status, code && (await codeOf(response))]).toEqual([status, code]);
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS');
  });

  test('a subscription that is sent by POST is refused before any resolver', async () => {
    const error = jest.fn();
    const log = { ...silentLog, error, child: () => silentLog } as unknown as typeof silentLog;
    const loud = await startApiServer(database, { log });
    const accept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
    const query = 'subscription { notificationProgress(id: "x") { id } }';
    for (const key of [undefined, application.admin]) {
      const answer = await loud.call(key, query, {}, { accept });
      expect([answer.status, answer.errors]).toEqual([
        400,
        [{ message: 'Subscriptions travel over WebSocket.', extensions: { code: 'BAD_USER_INPUT' } }],
      ]);
    }
    expect(error).not.toHaveBeenCalled();
    await loud.stop();
  });

  test('a query that is sent by GET is answered as by POST, within the same limits', async () => {
    const response = await getQuery('{viewer{scopes}}');
    expect(await response.json()).toEqual({ data: { viewer: { scopes: ['admin'] } } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'ratelimit-limit': expect.any(String),
    });
    const strict = await startApiServer(database, { rules: { onlyKnownDocuments: true } });
    const ask = (query: string) =>
      fetch(`${strict.http.url}/graphql?query=${query}`, {
        headers: { authorization: `Bearer ${application.publishable}` },
      });
    expect(await codeOf(await ask('{vapidPublicKey:__typename}'))).toBe('FORBIDDEN');
    expect((await ask('query VapidPublicKey{vapidPublicKey}')).status).toBe(200);
    await strict.stop();
  });

  test.each<[string, (body: string) => Promise<Response>]>([
    ['as it is', (body) => post(body)],
    ['with its charset', (body) => post(body, { 'content-type': `${jsonType}; charset=UTF-8` })],
    ['compressed', compressed],
    ['at a path with a slash', (body) => get('/graphql/', { ...postJson, body })],
    ['at a path with a query', (body) => get('/graphql?from=here', { ...postJson, body })],
  ])('a document is read %s, and answered with all headers', async (_name, send) => {
    const response = await send('{"query":"{ __typename }"}');
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '32',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    });
  });

  test('a caller that goes away within its body harms nobody', async () => {
    const { hostname, port } = new URL(api.http.url);
    const socket = connect(Number(port), hostname);
    const head = ['POST /graphql HTTP/1.1', 'Host: a', `Content-Type: ${jsonType}`, 'Content-Length: 100'];
    await new Promise<void>((resolve) => {
      socket.write(`${head.join('\r\n')}\r\n\r\n{"query":`, () => resolve());
    });
    socket.destroy();
    expect((await post('{"query":"{ __typename }"}')).status).toBe(200);
  });

  test('introspection works, for the playground', async () => {
    const answer = await api.call(undefined, '{ __schema { queryType { name } } }');
    expect(answer.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  test('data nested without end is refused', async () => {
    const depth = 20_000;
    const data = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const query =
      'mutation ($data: JSONObject) { sendNotification(input: { audience: { everyone: true }, content: { title: "x", data: $data } }) { replayed } }';
    const response = await post(`{"query":${JSON.stringify(query)},"variables":{"data":${data}}}`, {
      'content-type': 'application/json',
      authorization: `Bearer ${application.admin}`,
    });
    expect(await codeOf(response)).toBe('BAD_USER_INPUT');
  });

  test('a socket elsewhere is refused', async () => {
    expect(await rawStatus(api.http.port, '/elsewhere', 'localhost', { upgrade: true })).toBe(404);
  });
});
