/** The playground keeps its key under the same name: one sign-in serves both. */
const item = 'fanfare.key';

/** The key of this tab; sessionStorage, so that it goes with the tab. */
export function readStoredKey(): string {
  return sessionStorage.getItem(item) ?? '';
}

/** Keeps the key of this tab; an empty one is forgotten. */
export function storeKey(key: string): void {
  if (key === '') sessionStorage.removeItem(item);
  else sessionStorage.setItem(item, key);
}
