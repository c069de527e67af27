import { clearStores, storage } from '../test/memoryStore';
import { attachFanfare } from './attachFanfare';

jest.mock('../sdk/inStore', () => jest.requireActual('../test/memoryStore'));

const data = { fanfare: { receipt: 'r', url: 'https://api.example/graphql' } };
const homeScreen = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) AppleWebKit/605.1.15 (KHTML) Mobile/15E148';

/** A service worker's scope in which events can be fired; `show` may refuse as a browser does. */
function startWorker(show: (title: string, options: object) => Promise<void> = async () => undefined) {
  const badges: number[] = [];
  const handlers = new Map<string, (event: object) => void>();
  const shown: [string, object][] = [];
  const registration = {
    scope: 'https://a.example/sdk/',
    getNotifications: async () => [],
    showNotification: async (title: string, options: object) => {
      await show(title, options);
      shown.push([title, options]);
    },
  };
  const clients = { matchAll: async () => [], openWindow: async () => null };
  // seen on iOS: the promise never settles
  const hang = () => new Promise(() => undefined);
  const setAppBadge = (count: number) => badges.push(count) && hang();
  const navigator = { userAgent: homeScreen, setAppBadge };
  const addEventListener = (type: string, handle: (event: object) => void) => handlers.set(type, handle);
  const scope = { registration, clients, navigator, addEventListener };
  attachFanfare(scope as unknown as ServiceWorkerGlobalScope);
  /** What the event waits for, settled. */
  const fire = async (type: string, members: object) => {
    const waited: Promise<unknown>[] = [];
    handlers.get(type)?.({ ...members, waitUntil: (promise: Promise<unknown>) => waited.push(promise) });
    return Promise.allSettled(waited);
  };
  return { shown, badges, fire };
}

describe('The worker', () => {
  const fetchBefore = globalThis.fetch;
  const notification = { data, tag: '', close: () => undefined };
  const text = (value: string) => ({ data: { text: () => value } });

  beforeEach(() => {
    clearStores();
    // the worst day: no network, no storage
    storage.isBlocked = true;
    globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  });

  afterEach(() => {
    globalThis.fetch = fetchBefore;
  });

  it.each<[string, object]>([
    ['push', text(JSON.stringify({ notification: { title: 'T', data } }))],
    ['push', text('{"broken')],
    ['push', { data: null }],
    ['notificationclose', { notification }],
    ['notificationclick', { notification, action: '' }],
    ['sync', { tag: 'fanfare-receipts' }],
  ])('waits once at %s, and never fails it', async (type, members) => {
    expect(await startWorker().fire(type, members)).toMatchObject([{ status: 'fulfilled' }]);
  });

  it.each<[string, object]>([
    ['activate', {}],
    ['sync', { tag: "the app's own" }],
  ])('holds up nobody at %s %j', async (type, members) => {
    expect(await startWorker().fire(type, members)).toEqual([]);
  });

  it.each([
    ['no data', null],
    ['data of the app', { order: 7 }],
    ['data that are a text', 'fanfare'],
    ['something else of that name', { fanfare: true }],
    ['nothing of that name', { fanfare: null }],
  ])("leaves a notification of the app's own alone, with %s", async (_, own) => {
    const close = jest.fn();
    const { fire } = startWorker();
    for (const type of ['notificationclick', 'notificationclose']) {
      expect(await fire(type, { notification: { data: own, tag: '', close }, action: '' })).toEqual([]);
    }
    expect(close).not.toHaveBeenCalled();
  });

  it('asks for another sync while receipts are left', async () => {
    storage.isBlocked = false;
    const { fire } = startWorker();
    await fire('push', text(JSON.stringify({ notification: { title: 'T', data } })));
    expect(await fire('sync', { tag: 'fanfare-receipts' })).toMatchObject([{ status: 'rejected' }]);
    globalThis.fetch = async () => Response.json({ data: { recordReceipt: true } });
    expect(await fire('sync', { tag: 'fanfare-receipts' })).toMatchObject([{ status: 'fulfilled' }]);
  });

  it('shows the declared notification of Safari, whose push has no data', async () => {
    const declared = { title: 'T', body: 'b', navigate: 'https://a.example/7', data };
    const { shown, badges, fire } = startWorker();
    await fire('push', { data: null, notification: declared, appBadge: 3 });
    expect(shown).toMatchObject([['T', { body: 'b', navigate: 'https://a.example/7' }]]);
    expect(badges).toEqual([3]);
  });

  it.each([
    [{ app_badge: 3 }, [3]],
    [{ app_badge: 0 }, [0]],
    [{}, []],
  ])("sets the app's badge of %j to %j, and does not wait for it", async (members, expected) => {
    const { badges, fire } = startWorker();
    await fire('push', text(JSON.stringify({ notification: { title: 'T' }, ...members })));
    expect(badges).toEqual(expected);
  });

  it('keeps page and tag when the browser refuses an option, as Safari insists on', async () => {
    const refuse = async (_: string, options: object) => {
      if ('renotify' in options || !('navigate' in options)) throw new TypeError('no');
    };
    const declared = { title: 'T', body: 'b', tag: 't', renotify: true, navigate: 'https://a.example/7' };
    const { shown, fire } = startWorker(refuse);
    await fire('push', { data: null, notification: declared });
    expect(shown).toMatchObject([['T', { body: 'b', tag: 't', navigate: 'https://a.example/7' }]]);
  });
});
