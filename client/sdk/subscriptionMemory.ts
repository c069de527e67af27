import { inStore, type StoreAddress } from './inStore';

/**
 * What page and service worker both must know, kept in IndexedDB because a worker has no localStorage: where the API
 * is, and which endpoint the person asked for. Written by the page and by `pushsubscriptionchange`, read by both.
 */
export interface SubscriptionMemory {
  /** Scope of the service worker registration, absolute: one memory for each. */
  scope: string;
  url: string;
  key: string;
  /** The worker script that the SDK itself registered for this scope, absolute; absent for one of the app's own. */
  ownUrl?: string | undefined;
  /** Endpoint the API holds; absent when the person does not want notifications. */
  endpoint?: string | undefined;
  /** The `auth` secret beside it: proves that a later subscription comes from the same browser. */
  auth?: string | undefined;
  /** When the API last heard of the endpoint, in ms since the epoch. */
  syncedAt?: number | undefined;
  /** The tags the API answered last. */
  tags?: string[] | undefined;
  /** Hash of the user whose token went along then; absent when none did. */
  user?: string | undefined;
  /** The user has logged out here and the API has not been told yet. */
  isDetaching?: boolean | undefined;
}

const MEMORY: StoreAddress = { database: 'fanfare', store: 'subscriptionMemory', keyPath: 'scope' };

/** The memory of one worker scope, or undefined when nobody ever subscribed there. */
export function recall(scope: string): Promise<SubscriptionMemory | undefined> {
  return inStore(
    MEMORY,
    'readonly',
    (store) => store.get(scope) as IDBRequest<SubscriptionMemory | undefined>,
  );
}

/** Replaces the memory of one worker scope. */
export async function remember(memory: SubscriptionMemory): Promise<void> {
  await inStore(MEMORY, 'readwrite', (store) => store.put(memory));
}
