import { registerWorker, resolveWorker } from './registerWorker';

const origin = 'https://a.example';
const scope = `${origin}/sdk/`;

/** A browser in which these scripts (active, then waiting) serve the scope; it notes what is registered. */
function pretend(...scripts: string[]): unknown[] {
  const registered: unknown[] = [];
  const [active, waiting] = scripts.map((path) => ({ scriptURL: origin + path }));
  const existing = active && { scope, active, waiting: waiting ?? null, installing: null };
  const serviceWorker = {
    getRegistration: async () => existing,
    register: async (script: unknown) => {
      registered.push(script);
      return { scope, active: { scriptURL: String(script) } };
    },
  };
  Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker }, configurable: true });
  Object.defineProperty(globalThis, 'location', { value: new URL(`${origin}/page`), configurable: true });
  return registered;
}

describe('registerWorker', () => {
  afterEach(() => {
    for (const name of ['navigator', 'location']) Reflect.deleteProperty(globalThis, name);
  });

  const own = `${origin}/sdk/fanfare-sw.js`;
  it.each([
    ['registers the first worker of a scope', [], own, undefined, [own], own],
    [
      'leaves the app its own registration of this script',
      ['/sdk/fanfare-sw.js'],
      own,
      undefined,
      [],
      undefined,
    ],
    ['knows the one it registered before', ['/sdk/fanfare-sw.js'], own, own, [], own],
    [
      'adds a version',
      ['/sdk/fanfare-sw.js'],
      `${own}?ver=1.1`,
      undefined,
      [`${own}?ver=1.1`],
      `${own}?ver=1.1`,
    ],
    [
      'replaces a version',
      ['/sdk/fanfare-sw.js?ver=1.0'],
      `${own}?ver=1.1`,
      undefined,
      [`${own}?ver=1.1`],
      `${own}?ver=1.1`,
    ],
    ['takes a version away', ['/sdk/fanfare-sw.js?ver=1.0'], own, undefined, [own], own],
    [
      'replaces a script of another name that it registered',
      ['/sdk/old.js'],
      own,
      `${origin}/sdk/old.js`,
      [own],
      own,
    ],
    [
      'uses a script that is about to serve',
      ['/sdk/old.js', '/sdk/fanfare-sw.js'],
      own,
      undefined,
      [],
      undefined,
    ],
  ])('%s', async (_, scripts, url, before, registered, ownUrl) => {
    const acts = pretend(...scripts);
    const answer = await registerWorker(resolveWorker({ url, scope }), before);
    expect(acts).toEqual(registered);
    expect(answer.ownUrl).toBe(ownUrl);
  });

  it.each([
    ['a script of another name', ['/sdk/app.js'], undefined],
    ['a script of another name that waits', ['/sdk/fanfare-sw.js?1', '/sdk/app.js'], undefined],
    ['a script that took the place of the one it registered', ['/sdk/app.js'], `${origin}/sdk/old.js`],
  ])('does not replace %s', async (_, scripts, before) => {
    const acts = pretend(...scripts);
    await expect(registerWorker(resolveWorker({ url: own, scope }), before)).rejects.toMatchObject({
      code: 'WORKER_CONFLICT',
    });
    expect(acts).toEqual([]);
  });

  it('hands a TrustedScriptURL on as it is', async () => {
    const acts = pretend();
    const trusted = { toJSON: () => '/sdk/fanfare-sw.js', toString: () => '/sdk/fanfare-sw.js' };
    const answer = await registerWorker(resolveWorker({ url: trusted }));
    expect(acts).toEqual([trusted]);
    expect(answer.ownUrl).toBe(own);
  });
});
