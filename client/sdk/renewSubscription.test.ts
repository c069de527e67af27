import { withLanguage } from '../test/language';
import { clearStores } from '../test/memoryStore';
import { renewSubscription } from './renewSubscription';
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
