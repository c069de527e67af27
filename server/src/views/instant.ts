/** Milliseconds since 1970 as RFC 3339, for answers that are plain JSON. */
export function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
