import { clearStores, storage } from '../test/memoryStore';
import { keepReceipt, sendKeptReceipts } from './keptReceipts';
import type { Receipt } from './postReceipt';
import { remember } from './subscriptionMemory';

jest.mock('./inStore', () => jest.requireActual('../test/memoryStore'));

const scope = 'https://a.example/sdk/';
const DAY_MS = 24 * 60 * 60 * 1000;

describe('receipts that had to wait', () => {
  const fetchBefore = globalThis.fetch;
  let now = 0;
  let posted: string[] = [];
  let answer: (url: string) => Response;

  const taken = () => Response.json({ data: { recordReceipt: true } });
  const refusedWith =
    (code: string, status = 200) =>
    () =>
      Response.json({ errors: [{ message: 'm', extensions: { code } }] }, { status });
  const receipt = (token: string, members: Partial<Receipt> = {}): Receipt => ({
    token,
    event: 'DISPLAYED',
    url: 'https://api.example/graphql',
    ...members,
  });
  const keep = async (...tokens: string[]) => {
    for (const token of tokens) {
      now += 1;
      await keepReceipt(receipt(token));
    }
  };

  beforeEach(() => {
    clearStores();
    now = 1_000 * DAY_MS;
    posted = [];
    answer = taken;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    globalThis.fetch = async (url, init) => {
      posted.push(JSON.parse(String(init?.body)).variables.token);
      return answer(String(url));
    };
  });

  afterEach(() => {
    jest.restoreAllMocks();
    globalThis.fetch = fetchBefore;
  });

  it('are sent once, oldest first', async () => {
    await keep('a', 'b', 'c');
    expect(await sendKeptReceipts(scope)).toBe(true);
    expect(await sendKeptReceipts(scope)).toBe(true);
    expect(posted).toEqual(['a', 'b', 'c']);
  });

  it('are kept once each, however often they failed', async () => {
    await keep('a', 'a', 'a');
    await keepReceipt(receipt('a', { event: 'CLICKED' }));
    await sendKeptReceipts(scope);
    expect(posted).toEqual(['a', 'a']);
  });

  it('make way for newer ones beyond 100', async () => {
    await keep(...Array.from({ length: 103 }, (_, index) => `t${index}`));
    await sendKeptReceipts(scope);
    expect(posted).toHaveLength(100);
    expect(posted[0]).toBe('t3');
    expect(posted.at(-1)).toBe('t102');
  });

  it('are dropped after 7 days', async () => {
    await keep('old', 'new');
    now += 7 * DAY_MS - 1;
    expect(await sendKeptReceipts(scope)).toBe(true);
    expect(posted).toEqual(['new']);
    await sendKeptReceipts(scope);
    expect(posted).toEqual(['new']);
  });

  const offline = () => {
    throw new TypeError('Failed to fetch');
  };
  it.each([
    ['offline', offline],
    ['while the API is unavailable', refusedWith('UNAVAILABLE')],
    ['after too many requests', refusedWith('RATE_LIMITED', 429)],
    ["behind a proxy's 502", () => new Response('<html>', { status: 502 })],
  ])('wait on %s, asking once', async (_, failure) => {
    await keep('a', 'b');
    answer = failure;
    expect(await sendKeptReceipts(scope)).toBe(false);
    expect(posted).toEqual(['a']);
    answer = taken;
    expect(await sendKeptReceipts(scope)).toBe(true);
    expect(posted).toEqual(['a', 'a', 'b']);
  });

  it.each([
    ['a token it does not know', refusedWith('BAD_USER_INPUT')],
    ['a page that may not call', refusedWith('FORBIDDEN', 403)],
    ['a URL that is not the API', () => new Response('<html>', { status: 404 })],
  ])('are dropped when the answer is about %s', async (_, refusal) => {
    await keep('a', 'b');
    answer = refusal;
    expect(await sendKeptReceipts(scope)).toBe(true);
    answer = taken;
    await sendKeptReceipts(scope);
    expect(posted).toEqual(['a', 'b']);
  });

  it('go to the address of the page when the one they brought does not answer', async () => {
    await remember({ scope, url: 'https://relay.example/graphql', key: 'fp_1' });
    await keep('a');
    answer = (url) => (url.startsWith('https://relay.example/') ? taken() : offline());
    expect(await sendKeptReceipts(scope)).toBe(true);
    expect(posted).toEqual(['a', 'a']);
  });

  it('wait when the one address refuses and the other is not heard', async () => {
    await remember({ scope, url: 'https://relay.example/graphql', key: 'fp_1' });
    await keep('a');
    answer = (url) =>
      url.startsWith('https://relay.example/') ? offline() : new Response('', { status: 404 });
    expect(await sendKeptReceipts(scope)).toBe(false);
  });

  it('are sent once by two callers at once', async () => {
    await keep('a');
    await Promise.all([sendKeptReceipts(scope), sendKeptReceipts(scope)]);
    expect(posted).toEqual(['a']);
  });

  it('are nobody’s trouble where nothing is stored', async () => {
    storage.isBlocked = true;
    expect(await sendKeptReceipts(scope)).toBe(true);
    await expect(keepReceipt(receipt('a'))).rejects.toThrow();
  });
});
