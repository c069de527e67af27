import { keepReceipt, sendKeptReceipts } from '../sdk/keptReceipts';
import { postReceipt, type ReceiptEvent } from '../sdk/postReceipt';
import type { PushData } from './pushMessage';

/** The tag of the Background Sync that is asked for when a receipt had to be kept. */
export const receiptsSyncTag = 'fanfare-receipts';

/** Where browsers have Background Sync: TypeScript's library does not know it. */
type SyncingRegistration = ServiceWorkerRegistration & {
  readonly sync?: { register(tag: string): Promise<void> };
};

/**
 * Tells the API what became of a notification, with the token the notification brought along. One that cannot be sent
 * now is kept; one that can brings the kept ones along. Never rejects: the person must not notice.
 */
export async function sendReceipt(
  scope: ServiceWorkerGlobalScope,
  data: PushData | null,
  event: ReceiptEvent,
): Promise<void> {
  const { scope: address } = scope.registration;
  const { receipt: token, url } = data?.fanfare ?? {};
  if (typeof token === 'string' && typeof url === 'string') {
    const receipt = { token, event, url };
    if (!(await postReceipt(address, receipt))) {
      await keepReceipt(receipt)
        .then(() => (scope.registration as SyncingRegistration).sync?.register(receiptsSyncTag))
        // no storage, or no leave to sync in the background: the next event or page sends what is kept
        .catch(() => undefined);
      return;
    }
  }
  await sendKeptReceipts(address);
}
