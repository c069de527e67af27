import { remember } from '../sdk/subscriptionMemory';
import { withLanguage } from '../test/language';
import { clearStores } from '../test/memoryStore';
import { onPushSubscriptionChange } from './onPushSubscriptionChange';

jest.mock('../sdk/inStore', () => jest.requireActual('../test/memoryStore'));

const scope = 'https://a.example/sdk/';
const dropped = 'https://push.example/dropped';

/** Fires the event as Firefox does, with the subscription that was dropped; answers what the worker did. */
async function fire(): Promise<string[]> {
  const acts: string[] = [];
  const made = {
    endpoint: 'https://push.example/new',
    // BAAA in base64url
    options: { applicationServerKey: new Uint8Array([4, 0, 0]).buffer },
    toJSON: () => ({ endpoint: 'https://push.example/new', keys: { p256dh: 'p', auth: 'a' } }),
  };
  const pushManager = {
    getSubscription: async () => null,
    subscribe: async () => acts.push('subscribe') && made,
  };
  globalThis.fetch = async (_url, init) => {
    const { input } = JSON.parse(String(init?.body)).variables;
    if (!input) return Response.json({ data: { vapidPublicKey: 'BAAA' } });
    acts.push(`tell of ${input.subscription.endpoint} instead of ${input.replaces}`);
    return Response.json({ data: { subscribe: { created: true, subscription: { id: 'sub_1', tags: [] } } } });
  };
  const waited: Promise<unknown>[] = [];
  const event = {
    oldSubscription: { endpoint: dropped },
    waitUntil: (act: Promise<unknown>) => waited.push(act),
  };
  const worker = { registration: { scope, pushManager } };
  onPushSubscriptionChange(
    worker as unknown as ServiceWorkerGlobalScope,
    event as unknown as ExtendableEvent,
  );
  await Promise.all(waited);
  return acts;
}

describe('pushsubscriptionchange', () => {
  const fetchBefore = globalThis.fetch;
  const memory = { scope, url: 'https://api.example/graphql', key: 'fp_1' };

  withLanguage('en');

  beforeEach(clearStores);

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it('subscribes again whoever was subscribed', async () => {
    await remember({ ...memory, endpoint: dropped });
    expect(await fire()).toEqual(['subscribe', `tell of https://push.example/new instead of ${dropped}`]);
  });

  it.each([
    ['has unsubscribed meanwhile', memory],
    ['never subscribed', undefined],
  ])('subscribes nobody who %s', async (_, known) => {
    if (known) await remember(known);
    expect(await fire()).toEqual([]);
  });
});
