/** The API as a whole, asked for anything: it answers, and nothing that comes from outside is a fault of its own. */
import { once } from 'node:events';
import fc from 'fast-check';
import WebSocket from 'ws';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { refusalCodes } from '../../../src/model/refusal';
import type { ApiServer } from '../../support/api/apiServer';
import { hostileText, inputArbitrary } from '../../support/api/graphqlArbitrary';
import { startSqliteApi } from '../../support/api/sqliteApi';
import { fuzzRuns as runs, unlimited } from '../../support/fuzzRuns';
import { watchLog } from '../../support/process/watchedLog';

const schema = buildFanfareSchema();
describe('the API as a whole', () => {
  const { log, failures } = watchLog();
  let api: ApiServer;
  let key: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const site = await startSqliteApi({ rules: { rateLimits: unlimited }, log });
    ({ api, close } = site);
    key = site.application.admin;
  });

  afterAll(() => close());

  afterEach(() => expect(failures.splice(0)).toEqual([]));

  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ type: type?.name.toLowerCase() ?? '', field })),
  );

  test('answers any arguments of any field with data or a code of the catalogue, never with a fault of its own', async () => {
    const call = fc.constantFrom(...roots).chain(({ type, field }) => {
      const names = field.args.map((each) => `$${each.name}: ${each.type}`).join(', ');
      const args = field.args.map((each) => `${each.name}: $${each.name}`).join(', ');
      const inner = /!?$/.exec(String(field.type)) && isLeaf(String(field.type)) ? '' : ' { __typename }';
      const query = `${type} ${names && `(${names})`} { ${field.name}${args && `(${args})`}${inner} }`;
      const variables = fc.record(
        Object.fromEntries(field.args.map((each) => [each.name, inputArbitrary(each.type)])),
      );
      return fc.record({ query: fc.constant(query), variables });
    });
    const property = fc.asyncProperty(call, async ({ query, variables }) => {
      const answer = await api.call(key, query, variables as Record<string, unknown>);
      expect(answer.status).toBeLessThan(500);
      for (const error of answer.errors ?? []) {
        const { code } = error.extensions;
        expect([query, code, error.message]).toEqual([query, expect.stringMatching(expected), error.message]);
      }
    });
    await fc.assert(property, { numRuns: runs });
  });

  test('answers any body', async () => {
    const property = fc.asyncProperty(body, contentType, async (text, type) => {
      const { status, codes } = await post(text, type);
      expect([text, status < 500]).toEqual([text, true]);
      for (const code of codes) expect([text, code]).toEqual([text, expect.stringMatching(expected)]);
    });
    await fc.assert(property, { numRuns: runs });
  });

  const viewer = '{"query":"{ viewer { name } }"}';
  test.each([
    ['a byte order mark', `\ufeff${viewer}`, 'application/json'],
    ['a byte order mark, read the long way', `\ufeff${viewer}`, 'application/json; charset="utf-8"'],
    ['a key that is there twice', `{"query":"","query":"{ viewer { name } }"}`, 'application/json'],
    ['__proto__', `{"__proto__":{"query":"x"},"query":"{ viewer { name } }"}`, 'application/json'],
    ['a huge number', `{"variables":{"a":1e999},"query":"{ viewer { name } }"}`, 'application/json'],
  ])('answers a body with %s', async (_what, text, type) => {
    expect(await post(text, type)).toEqual({ status: 200, codes: [] });
  });

  test('answers any messages over WebSocket, or closes', async () => {
    const message = fc.oneof(
      fc.json(),
      hostileText,
      fc
        .record(
          {
            type: fc.oneof(fc.constantFrom(...messageTypes), fc.jsonValue()),
            id: fc.oneof(fc.constantFrom('1', '2'), fc.jsonValue()),
            payload: fc.oneof(fc.constantFrom(...payloads), fc.jsonValue()),
          },
          { requiredKeys: ['type'] },
        )
        .map((value) => JSON.stringify(value)),
    );
    const property = fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
      const socket = new WebSocket(`${api.http.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      const closed = once(socket, 'close');
      const authorization = `Bearer ${key}`;
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      for (const each of messages) socket.send(each);
      // 1011 would be a fault of the server's own
      socket.on('pong', () => socket.close());
      socket.ping();
      const [code] = (await closed) as [number];
      expect([messages, code]).not.toEqual([messages, 1011]);
    });
    await fc.assert(property, { numRuns: runs });
  });

  const post = async (body: string, type: string) => {
    const response = await fetch(`${api.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${key}` },
      body,
    });
    const answer: unknown = await response.json().catch(() => ({}));
    const { errors = [] } = answer as { errors?: { extensions: { code: string } }[] };
    return { status: response.status, codes: errors.map(({ extensions }) => extensions.code) };
  };
});

const name = fc.constantFrom(
  'query',
  'variables',
  'operationName',
  'extensions',
  '__proto__',
  'constructor',
  '',
);
/** JSON as a caller may write it: keys twice, escapes of half a character, numbers beyond all bounds, deep nesting. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.json({ maxDepth: 1 }),
    fc.constantFrom(
      '1e999',
      '-0',
      '123456789012345678901234567890',
      '"\\ud800"',
      '"\\u0000"',
      'NaN',
      '01',
      '""',
    ),
    fc.constantFrom(
      '"{ viewer { name } }"',
      '"query ($a: Int) { notifications(first: $a) { edges { cursor } } }"',
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join()}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  ),
})).value;
const body = fc.oneof(
  jsonText,
  jsonText.map((text) => `\ufeff${text}`),
  jsonText.map((text) => `{"query":"{ viewer { name } }","variables":${text}}`),
  hostileText,
  fc.json().map((text) => `{"query":${text},"variables":${text}}`),
);
const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'application/json;a=b',
);

const messageTypes = [
  ...['connection_init', 'ping', 'pong', 'subscribe', 'next', 'error', 'complete', '__proto__', ''],
] as const;
const payloads = [
  { query: 'subscription { notificationProgress(id: "ntf_x") { id } }' },
  { query: 'subscription ($id: ID!) { notificationProgress(id: $id) { id } }', variables: { id: '\ud800' } },
  { query: '{ viewer { name } }' },
  { query: '{', operationName: 1, variables: [], extensions: 'x' },
  { data: null },
  [{ message: 'x' }],
] as const;

/** Everything but UNAVAILABLE, which is what an unforeseen fault becomes. */
const expected = new RegExp(`^(${refusalCodes.filter((code) => code !== 'UNAVAILABLE').join('|')})$`);

function isLeaf(type: string): boolean {
  return /^\[?(Int|Float|String|Boolean|ID|JSONObject|DateTime)!?\]?!?$/.test(type);
}
