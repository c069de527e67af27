import type { ReceiptEvent } from '../sdk/postReceipt';
import { clearStores } from '../test/memoryStore';
import { onNotificationClick } from './onNotificationClick';
import { onNotificationClose } from './onNotificationClose';

jest.mock('../sdk/inStore', () => jest.requireActual('../test/memoryStore'));

interface Told {
  readonly token: string;
  readonly event: ReceiptEvent;
}

const chrome = 'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

/** A worker whose receipts are noted instead of sent, with these notifications on the screen. */
function workerWith(shown: object[], userAgent = chrome) {
  const told: Told[] = [];
  globalThis.fetch = async (_url, init) => {
    told.push(JSON.parse(String(init?.body)).variables);
    return new Response('{"data":{"recordReceipt":true}}');
  };
  const registration = { scope: 'https://a.example/sdk/', getNotifications: async () => shown };
  const clients = { matchAll: async () => [], openWindow: async () => null };
  const scope = { registration, clients, navigator: { userAgent } };
  return { told, scope: scope as unknown as ServiceWorkerGlobalScope };
}

/** Fires a handler at a notification and waits for all that it set going. */
async function fire(
  handle: typeof onNotificationClick,
  scope: ServiceWorkerGlobalScope,
  receipt: string,
  members: { shownAt?: number; requireInteraction?: boolean } = {},
): Promise<void> {
  const under: Promise<unknown>[] = [];
  const { shownAt = Date.now(), ...options } = members;
  const data = { fanfare: { receipt, url: 'https://api.example/graphql', shownAt } };
  const notification = { tag: 'ntf-1', data, close: () => undefined, ...options };
  const event = { notification, action: '', waitUntil: (promise: Promise<unknown>) => under.push(promise) };
  handle(scope, event as unknown as NotificationEvent);
  await Promise.all(under);
}

describe('notificationclose', () => {
  beforeEach(clearStores);

  it('tells of a dismissal', async () => {
    const { told, scope } = workerWith([]);
    await fire(onNotificationClose, scope, 'swept');
    expect(told).toEqual([{ token: 'swept', event: 'DISMISSED' }]);
  });

  it('tells nothing after a click on the same notification, once', async () => {
    const { told, scope } = workerWith([]);
    await fire(onNotificationClick, scope, 'clicked');
    await fire(onNotificationClose, scope, 'clicked');
    await fire(onNotificationClose, scope, 'other');
    await fire(onNotificationClose, scope, 'clicked');
    expect(told).toEqual([
      { token: 'clicked', event: 'CLICKED' },
      { token: 'other', event: 'DISMISSED' },
      { token: 'clicked', event: 'DISMISSED' },
    ]);
  });

  it('tells nothing when a push of the same tag took the place', async () => {
    const { told, scope } = workerWith([{ tag: 'ntf-1' }]);
    await fire(onNotificationClose, scope, 'replaced');
    expect(told).toEqual([]);
  });

  const longAgo = () => ({ shownAt: Date.now() - 5_000 });
  it.each<[string, string, object, number]>([
    ['Firefox, soon: nothing goes by itself that soon', firefox, {}, 1],
    ['Firefox, later: it may have gone by itself', firefox, longAgo(), 0],
    ['Firefox, later, one that stays', firefox, { ...longAgo(), requireInteraction: true }, 1],
    ['Chrome, later: it speaks of people only', chrome, longAgo(), 1],
  ])('in %s', async (_, userAgent, members, count) => {
    const { told, scope } = workerWith([], userAgent);
    await fire(onNotificationClose, scope, 'closed', members);
    expect(told).toHaveLength(count);
  });
});
