/** In place of sdk/inStore where there is no IndexedDB: the calls that the SDK makes, over a Map. */
import type { StoreAddress } from '../sdk/inStore';

const stores = new Map<string, Map<unknown, object>>();

/** Whether the browser stores anything, as it does not where the person forbids it. */
export const storage = { isBlocked: false };

/** Forgets everything. */
export function clearStores(): void {
  stores.clear();
  storage.isBlocked = false;
}

/**
 * What sdk/inStore exports; tests put this module in its place.
 * @public
 */
export async function inStore(
  { database, keyPath }: StoreAddress,
  _mode: string,
  act: (store: object) => { result: unknown },
): Promise<unknown> {
  if (storage.isBlocked) throw new Error('SecurityError');
  const rows = stores.get(database) ?? new Map<unknown, object>();
  stores.set(database, rows);
  return act({
    get: (key: unknown) => ({ result: rows.get(key) }),
    getAll: () => ({ result: [...rows.values()] }),
    put: (row: object) => ({ result: rows.set(Reflect.get(row, keyPath), row) }),
    delete: (key: unknown) => ({ result: rows.delete(key) }),
  }).result;
}
