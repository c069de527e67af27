import { sendKeptReceipts } from '../sdk/keptReceipts';
import { receiptsSyncTag } from './sendReceipt';

/** Background Sync's event, which TypeScript's library does not know. */
export interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** `sync`: the network is back. Rejects when it is not, so that the browser tries again; other tags are the app's own. */
export function onSync(scope: ServiceWorkerGlobalScope, event: SyncEvent): void {
  if (event.tag === receiptsSyncTag) event.waitUntil(sendOrReject(scope));
}

async function sendOrReject(scope: ServiceWorkerGlobalScope): Promise<void> {
  if (!(await sendKeptReceipts(scope.registration.scope))) throw new Error('Receipts are left to send');
}
