import { sdkDocuments } from '../../../src/graphql/admission/knownDocuments';
import type { ApiServer } from '../../support/api/apiServer';
import { startSqliteApi } from '../../support/api/sqliteApi';

const receipt = sdkDocuments[3];
const bytes = 245_000;

/** 245 kB in which the parts of our messages and of graphql-js's repeat. */
const patterns = [
  ' Did you mean ',
  ' at "',
  '"; ',
  ' got invalid value ',
  '" does not exist in "',
  ', found ',
  ' "',
  '\\',
  '.a[',
];

describe('a text of 245 kB', () => {
  let api: ApiServer;
  let admin: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const started = await startSqliteApi();
    ({ api, close } = started);
    admin = started.application.admin;
  });

  afterAll(() => close());

  /** With a secret key: without one, so long a text goes no further than its length. */
  async function post(event: string, key: string | undefined = admin): Promise<{ ms: number; text: string }> {
    const body = JSON.stringify({ query: receipt, variables: { token: 'x', event } });
    const startedAt = performance.now();
    const response = await fetch(`${api.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body,
    });
    const text = await response.text();
    return { ms: performance.now() - startedAt, text };
  }

  /** The best of five, or the first that is fast enough: the five of a slow one would take minutes. */
  async function bestOf(event: string, enoughMs = 0): Promise<number> {
    let best = Number.POSITIVE_INFINITY;
    for (let left = 5; left > 0 && best >= enoughMs; left -= 1) {
      best = Math.min(best, (await post(event)).ms);
    }
    return best;
  }

  test.each(['', 'fs_0000000000000000000000000000'])(
    'is refused by its length without a secret key that exists: %j',
    async (key) => {
      const { text } = await post('x'.repeat(bytes), key);
      expect(JSON.parse(text).errors[0].extensions).toEqual({ code: 'PAYLOAD_TOO_LARGE' });
    },
  );

  test('is refused by its length also where it is 120,000 levels deep', async () => {
    const deep = '['.repeat(120_000) + ']'.repeat(120_000);
    const response = await fetch(`${api.http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(receipt)},"variables":{"token":${deep}}}`,
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
  });

  test.each(patterns)(
    'of %j takes no longer than harmless text, and the answer is short',
    async (pattern) => {
      const hostile = `${pattern.repeat(Math.floor(200_000 / JSON.stringify(pattern).length))}\n`;
      const { text } = await post(hostile);
      expect(text).toContain('BAD_USER_INPUT');
      expect(text.length).toBeLessThan(500);
      const mostMs = Math.max(60, 6 * (await bestOf('x'.repeat(bytes))));
      expect(await bestOf(hostile, mostMs)).toBeLessThan(mostMs);
    },
  );
});
