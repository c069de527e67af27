import { inStore, type StoreAddress } from './inStore';
import { postReceipt, type Receipt } from './postReceipt';

/** A receipt that waits for the network; `id` makes a repeated one replace the first, `keptAt` is in ms since 1970. */
interface KeptReceipt extends Receipt {
  id: string;
  keptAt: number;
}

const RECEIPTS: StoreAddress = { database: 'fanfare-receipts', store: 'receipts', keyPath: 'id' };
const MOST_KEPT = 100;
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** Keeps a receipt that could not be sent; beyond 100 the oldest go. Rejects where the browser stores nothing. */
export async function keepReceipt(receipt: Receipt): Promise<void> {
  const kept: KeptReceipt = { ...receipt, id: `${receipt.token} ${receipt.event}`, keptAt: Date.now() };
  await inStore(RECEIPTS, 'readwrite', (store) => store.put(kept));
  await forget((await readKept()).slice(0, -MOST_KEPT));
}

let underWay: Promise<boolean> | undefined;

/**
 * Sends what was kept, oldest first, until the API cannot be reached; what it refuses for good and what is older than
 * 7 days is dropped. Called twice at once it runs once. Never rejects.
 * @returns false when something is left
 */
export function sendKeptReceipts(scope: string): Promise<boolean> {
  underWay ??= sendAll(scope)
    // without a storage nothing was kept
    .catch(() => true)
    .finally(() => {
      underWay = undefined;
    });
  return underWay;
}

async function sendAll(scope: string): Promise<boolean> {
  for (const receipt of await readKept()) {
    const isFresh = Date.now() - receipt.keptAt < KEPT_FOR_MS;
    if (isFresh && !(await postReceipt(scope, receipt))) return false;
    await forget([receipt]);
  }
  return true;
}

/** Oldest first. */
async function readKept(): Promise<KeptReceipt[]> {
  const all = await inStore(RECEIPTS, 'readonly', (store) => store.getAll() as IDBRequest<KeptReceipt[]>);
  return all.sort((one, other) => one.keptAt - other.keptAt);
}

async function forget(receipts: KeptReceipt[]): Promise<void> {
  for (const { id } of receipts) await inStore(RECEIPTS, 'readwrite', (store) => store.delete(id));
}
