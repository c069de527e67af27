/**
 * Brings the person to a page: a window already there is focused, else a new one opens. Without a URL any window of
 * this origin will do. Only http and https; everything else leads to the origin's front page. Never rejects.
 */
export async function openPage(scope: ServiceWorkerGlobalScope, navigate: string | undefined): Promise<void> {
  const front = new URL('/', scope.registration.scope).href;
  const url = readWebUrl(navigate, front);
  try {
    // a narrow scope controls no page, so the uncontrolled ones count too
    const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const open = windows.find((window) => window.url === url) ?? (url ? undefined : windows[0]);
    await (open?.focus() ?? scope.clients.openWindow(url ?? front));
  } catch {
    // the browser decides whether a click may open or focus a window; the receipt is sent all the same
  }
}

function readWebUrl(navigate: string | undefined, base: string): string | undefined {
  if (!navigate || !URL.canParse(navigate, base)) return undefined;
  const url = new URL(navigate, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
