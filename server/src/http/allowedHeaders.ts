/** What the SDK, GraphiQL and Apollo's clients send. */
const usualHeaders = 'authorization, content-type, x-fanfare-user, apollo-require-preflight';
const maxLength = 1_000;
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/**
 * Allows the headers that a preflight asks for: tracing and client libraries add their own, and none of them opens anything, as
 * no cookie is used.
 * @param asked the value of `Access-Control-Request-Headers`
 * @returns the value of `Access-Control-Allow-Headers`; the usual ones where nothing is asked for, or no list of names
 */
export function allowedHeaders(asked: string | undefined): string {
  if (asked === undefined || asked.length > maxLength) return usualHeaders;
  const names = asked.split(',').map((name) => name.trim());
  return names.every((name) => headerName.test(name)) ? names.join(', ') : usualHeaders;
}
