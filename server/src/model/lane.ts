/**
 * The queue a dispatch travels in. A message to named people (`transactional`) never waits behind a
 * broadcast (`bulk`).
 */
export const lanes = ['transactional', 'bulk'] as const;

export type Lane = (typeof lanes)[number];
