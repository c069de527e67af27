import { withLanguage } from '../test/language';
import { clearStores } from '../test/memoryStore';
import { renewSubscription, syncSubscription } from './renewSubscription';
import { recall } from './subscriptionMemory';

jest.mock('./inStore', () => jest.requireActual('../test/memoryStore'));

const oldKey = 'BAAA';
const newKey = 'BBBB';
const scope = 'https://a.example/sdk/';
const api = { url: 'https://api.example/graphql', key: 'fp_1' };

/** A browser with a push subscription for the old key, which takes another key beside it or refuses; it notes all acts. */
function browserThat(takesAnotherKey: boolean) {
  const acts: string[] = [];
  const make = (key: string) => ({
    endpoint: `https://push.example/${key}`,
    options: { applicationServerKey: Buffer.from(key, 'base64url') },
    toJSON: () => ({
      endpoint: `https://push.example/${key}`,
      keys: { p256dh: 'p', auth: `auth of ${key}` },
    }),
    unsubscribe: async () => {
      acts.push(`unsubscribe ${key}`);
      current = undefined;
      return true;
    },
  });
  let current: ReturnType<typeof make> | undefined = make(oldKey);
  const pushManager = {
    getSubscription: async () => current ?? null,
    subscribe: async ({ applicationServerKey: key }: { applicationServerKey: string }) => {
      if (current && !takesAnotherKey) throw new DOMException('Another key', 'InvalidStateError');
      acts.push(`subscribe ${key}`);
      current = make(key);
      return current;
    },
  };
  globalThis.fetch = async (_url, init) => {
    const { input } = JSON.parse(String(init?.body)).variables;
    if (!input) return Response.json({ data: { vapidPublicKey: newKey } });
    const { subscription, replaces, replacesAuth, applicationServerKey } = input;
    acts.push(
      `tell ${subscription.endpoint} instead of ${replaces}, ${replacesAuth}, ${applicationServerKey}`,
    );
    return Response.json({ data: { subscribe: { created: true, subscription: { id: 'sub_1', tags: [] } } } });
  };
  return { acts, registration: { pushManager } as unknown as ServiceWorkerRegistration };
}

describe('A change of the VAPID key', () => {
  const fetchBefore = globalThis.fetch;
  const memory = { scope, ...api, endpoint: `https://push.example/${oldKey}`, auth: `auth of ${oldKey}` };
  const told = `tell https://push.example/${newKey} instead of https://push.example/${oldKey}, auth of ${oldKey}, ${newKey}`;

  withLanguage('en');

  beforeEach(clearStores);

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it.each([
    ['leaves the old subscription be until the API has the new one', true, [`subscribe ${newKey}`, told]],
    [
      'ends it first only where the browser refuses a second',
      false,
      [`unsubscribe ${oldKey}`, `subscribe ${newKey}`, told],
    ],
  ])('%s', async (_, takesAnotherKey, expected) => {
    const { acts, registration } = browserThat(takesAnotherKey);
    await renewSubscription(registration, api, memory);
    expect(acts).toEqual(expected);
    expect(await recall(scope)).toMatchObject({ endpoint: `https://push.example/${newKey}` });
  });
});

describe('What the browser says of itself', () => {
  const fetchBefore = globalThis.fetch;
  const endpoint = 'https://push.example/1';
  const memory = { scope, ...api, endpoint, syncedAt: Date.now() };

  /** A browser with one push subscription; answers what `subscribe` was called with. */
  function browserOf(language: string, timeZone: string | undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: { language }, configurable: true });
    const options = Intl.DateTimeFormat().resolvedOptions();
    const unknown = 'Etc/Unknown';
    jest
      .spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions')
      .mockReturnValue({ ...options, timeZone: timeZone ?? unknown });
    const inputs: Record<string, unknown>[] = [];
    globalThis.fetch = async (_url, init) => {
      const { input } = JSON.parse(String(init?.body)).variables;
      if (!input) return Response.json({ data: { vapidPublicKey: newKey } });
      inputs.push(input);
      return Response.json({
        data: { subscribe: { created: true, subscription: { id: 'sub_1', tags: [] } } },
      });
    };
    const subscription = {
      endpoint,
      options: { applicationServerKey: Buffer.from(newKey, 'base64url') },
      toJSON: () => ({ endpoint, keys: { p256dh: 'p', auth: 'a' } }),
    };
    const pushManager = { getSubscription: async () => subscription };
    return { inputs, registration: { pushManager } as unknown as ServiceWorkerRegistration };
  }

  beforeEach(clearStores);

  afterEach(() => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, 'navigator');
    globalThis.fetch = fetchBefore;
  });

  it.each([
    ['de-at', 'Europe/Vienna', 'de-AT', 'Europe/Vienna'],
    ['C', 'Europe/Vienna', undefined, 'Europe/Vienna'],
    ['en-US@posix', 'UTC', undefined, 'UTC'],
    ['pt_BR', undefined, undefined, undefined],
    ['', undefined, undefined, undefined],
  ])('language %j and time zone %j are told as %j and %j', async (language, zone, locale, timeZone) => {
    const { inputs, registration } = browserOf(language, zone);
    await renewSubscription(registration, api, memory);
    expect([inputs[0]?.locale, inputs[0]?.timeZone]).toEqual([locale, timeZone]);
  });

  it.each([
    ['an hour ago', -3_600_000, 0],
    ['a day ago', -25 * 3_600_000, 1],
    ['tomorrow, before the clock was set back', 25 * 3_600_000, 1],
  ])('is told again by a page load when it was told %s: %d ms, %d times', async (_, agoMs, times) => {
    const { inputs, registration } = browserOf('de', 'UTC');
    await syncSubscription(registration, api, { ...memory, syncedAt: Date.now() + agoMs });
    expect(inputs).toHaveLength(times);
  });
});

describe('An endpoint that the API does not take', () => {
  const fetchBefore = globalThis.fetch;

  withLanguage('en');

  beforeEach(clearStores);

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it.each([
    ['is replaced by a new one', 1, undefined],
    ['is replaced once, and then the refusal is handed on', 2, 'ENDPOINT_NOT_ALLOWED'],
  ])('%s', async (_, refusals, code) => {
    const { acts, registration } = browserThat(true);
    const answerOf = globalThis.fetch;
    let refused = 0;
    globalThis.fetch = async (url, init) => {
      const answer = await answerOf(url, init);
      const isSubscribe = JSON.parse(String(init?.body)).variables.input !== undefined;
      if (!isSubscribe || refused >= refusals) return answer;
      refused += 1;
      return Response.json({ errors: [{ message: 'no', extensions: { code: 'ENDPOINT_NOT_ALLOWED' } }] });
    };
    const renewed = renewSubscription(registration, api, { scope, ...api });
    await (code ? expect(renewed).rejects.toMatchObject({ code }) : renewed);
    expect(acts.filter((act) => !act.startsWith('tell'))).toEqual([
      `subscribe ${newKey}`,
      `unsubscribe ${newKey}`,
      `subscribe ${newKey}`,
    ]);
  });
});
