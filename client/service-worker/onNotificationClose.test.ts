import { onNotificationClick } from './onNotificationClick';
import { onNotificationClose } from './onNotificationClose';
import type { ReceiptEvent } from './sendReceipt';

interface Told {
  readonly token: string;
  readonly event: ReceiptEvent;
}

/** A worker whose receipts are noted instead of sent, with these notifications on the screen. */
function workerWith(shown: object[]) {
  const told: Told[] = [];
  globalThis.fetch = async (_url, init) => {
    told.push(JSON.parse(String(init?.body)).variables);
    return new Response('{"data":{"recordReceipt":true}}');
  };
  const registration = { scope: 'https://a.example/sdk/', getNotifications: async () => shown };
  const clients = { matchAll: async () => [], openWindow: async () => null };
  return { told, scope: { registration, clients } as unknown as ServiceWorkerGlobalScope };
}

/** Fires a handler at a notification and waits for all that it set going. */
async function fire(
  handle: typeof onNotificationClick,
  scope: ServiceWorkerGlobalScope,
  receipt: string,
): Promise<void> {
  const under: Promise<unknown>[] = [];
  const data = { fanfare: { receipt, url: 'https://api.example/graphql' } };
  const notification = { tag: 'ntf-1', data, close: () => undefined };
  const event = { notification, action: '', waitUntil: (promise: Promise<unknown>) => under.push(promise) };
  handle(scope, event as unknown as NotificationEvent);
  await Promise.all(under);
}

describe('notificationclose', () => {
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
});
