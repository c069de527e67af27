import { requestGraphql } from './requestGraphql';

const api = { url: 'https://api.example/graphql', key: 'fp_1', userToken: 'proof' };

describe('requestGraphql', () => {
  const fetchBefore = globalThis.fetch;
  let sent: Request | undefined;

  const answerWith = (answer: () => Response) => {
    globalThis.fetch = async (url, init) => {
      sent = new Request(url, init);
      return answer();
    };
  };

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it('posts document and variables with the key and the proof of the user', async () => {
    answerWith(() => Response.json({ data: { ok: true } }));
    expect(await requestGraphql(api, '{ok}', { a: 1 })).toEqual({ ok: true });
    expect(await sent?.json()).toEqual({ query: '{ok}', variables: { a: 1 } });
    expect(Object.fromEntries(sent?.headers ?? [])).toEqual({
      authorization: 'Bearer fp_1',
      'content-type': 'application/json',
      'x-fanfare-user': 'proof',
    });
  });

  it('sends no key when there is none', async () => {
    answerWith(() => Response.json({ data: { ok: true } }));
    await requestGraphql({ url: api.url }, '{ok}');
    expect([...(sent?.headers.keys() ?? [])]).toEqual(['content-type']);
  });

  const offline = () => {
    throw new TypeError('Failed to fetch');
  };
  const breakingOff = () =>
    new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });

  it('gives up a call that takes too long', async () => {
    globalThis.fetch = (_url, init) =>
      new Promise((_, reject) => {
        const { signal } = init ?? {};
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    await expect(requestGraphql(api, '{ok}', {}, { timeoutMs: 5 })).rejects.toMatchObject({
      code: 'NETWORK',
      cause: { name: 'TimeoutError' },
    });
  });

  it.each([
    [
      'a code of the API',
      () => Response.json({ errors: [{ message: 'm', extensions: { code: 'FORBIDDEN' } }] }),
      'FORBIDDEN',
    ],
    [
      'an error without code',
      () => Response.json({ errors: [{ message: 'm' }] }, { status: 400 }),
      'UNAVAILABLE',
    ],
    [
      'errors beside data',
      () => Response.json({ data: { ok: 1 }, errors: [{ message: 'm' }] }),
      'UNAVAILABLE',
    ],
    ['no data', () => Response.json({ data: null }), 'UNAVAILABLE'],
    ["a proxy's page", () => new Response('<html>', { status: 502 }), 'UNAVAILABLE'],
    ["a proxy's limit", () => new Response('slower', { status: 429 }), 'UNAVAILABLE'],
    ['a page that is no API', () => new Response('<html>', { status: 404 }), 'NOT_THE_API'],
    ['a page in place of the API', () => new Response('<html>'), 'NOT_THE_API'],
    ['JSON that is no answer', () => new Response('null'), 'NOT_THE_API'],
    ['an answer that breaks off', () => new Response(breakingOff()), 'NETWORK'],
    ['no answer', offline, 'NETWORK'],
  ])('throws the right code for %s', async (_, answer, code) => {
    answerWith(answer);
    await expect(requestGraphql(api, '{ok}')).rejects.toMatchObject({ name: 'FanfareError', code });
  });
});
