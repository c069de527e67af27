import { FanfareError } from './fanfareError';

/**
 * An object store in an IndexedDB database of its own. One database for each: a page and a service worker of different
 * versions share them, and a store that is added later must not wait until the other one lets go.
 */
export interface StoreAddress {
  database: string;
  store: string;
  keyPath: string;
}

/**
 * Runs one act on a store, in one transaction.
 * @returns the act's result once the transaction is durable
 * @throws FanfareError `STORAGE_FAILED` where the browser keeps nothing or has no room
 */
export async function inStore<Result>(
  address: StoreAddress,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  try {
    const database = await openDatabase(address);
    const transaction = database.transaction(address.store, mode);
    const request = act(transaction.objectStore(address.store));
    // closes once the transaction is over
    database.close();
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch (cause) {
    throw new FanfareError('STORAGE_FAILED', 'IndexedDB could not be used', { cause });
  }
}

function openDatabase({ database, store, keyPath }: StoreAddress): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath });
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
