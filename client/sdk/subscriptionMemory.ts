import { FanfareError } from './fanfareError';

/**
 * What page and service worker both must know, kept in IndexedDB because a worker has no localStorage: where the API
 * is, and which endpoint the person asked for. Written by the page and by `pushsubscriptionchange`, read by both.
 */
export interface SubscriptionMemory {
  /** Scope of the service worker registration, absolute: one memory for each. */
  scope: string;
  url: string;
  key: string;
  /** Endpoint the API holds; absent when the person does not want notifications. */
  endpoint?: string | undefined;
  /** The `auth` secret beside it: proves that a later subscription comes from the same browser. */
  auth?: string | undefined;
  /** When the API last heard of the endpoint, in ms since the epoch. */
  syncedAt?: number | undefined;
  /** The tags the API answered last. */
  tags?: string[] | undefined;
  /** The user has logged out here and the API has not been told yet. */
  isDetaching?: boolean | undefined;
}

const STORE = 'subscriptionMemory';

/** The memory of one worker scope, or undefined when nobody ever subscribed there. */
export function recall(scope: string): Promise<SubscriptionMemory | undefined> {
  return inStore('readonly', (store) => store.get(scope) as IDBRequest<SubscriptionMemory | undefined>);
}

/** Replaces the memory of one worker scope. */
export async function remember(memory: SubscriptionMemory): Promise<void> {
  await inStore('readwrite', (store) => store.put(memory));
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  try {
    const database = await openDatabase();
    const result = settle(act(database.transaction(STORE, mode).objectStore(STORE)));
    return await result.finally(() => database.close());
  } catch (cause) {
    throw new FanfareError('STORAGE_FAILED', 'IndexedDB could not be used', { cause });
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('fanfare', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'scope' });
  return settle(request);
}

function settle<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
