/**
 * A URL as browsers parse it (WHATWG URL); undefined for what is not one. In place of `URL.canParse`, which in Node 20
 * refuses host names with Latin-1 letters once V8 has compiled the function that calls it.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
