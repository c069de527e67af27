/**
 * With FANFARE_PUSH_HOSTS=any-public-host there are as many push services as subscribers care to name, so that what is
 * known of each must not be kept for ever.
 */
const roomFor = 1_000;

/** Makes room for one more: where there are very many, those go that nothing depends on. */
export function forgetIdle<Value>(kept: Map<string, Value>, isIdle: (value: Value) => boolean): void {
  if (kept.size < roomFor) return;
  for (const [name, value] of kept) if (isIdle(value)) kept.delete(name);
}
