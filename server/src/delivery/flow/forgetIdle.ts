/**
 * With FANFARE_PUSH_HOSTS=any-public-host there are as many push services as subscribers care to name, so that what is
 * known of each must not be kept for ever.
 */
const roomFor = 1_000;

/** At which size a map is searched next: after a search twice what it then had, so that a search is rare. */
const searchedAt = new WeakMap<object, number>();

/** Makes room for one more: where there are very many, those go that nothing depends on. */
export function forgetIdle<Value>(kept: Map<unknown, Value>, isIdle: (value: Value) => boolean): void {
  if (kept.size < (searchedAt.get(kept) ?? roomFor)) return;
  for (const [name, value] of kept) if (isIdle(value)) kept.delete(name);
  searchedAt.set(kept, Math.max(roomFor, 2 * kept.size));
}
