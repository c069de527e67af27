import { keepClickedPage } from '../sdk/clickedPage';

/**
 * Brings the person to a page: a window already there is focused, else a new one opens. Without a URL any window of
 * this origin will do. Only http and https; everything else leads to the origin's front page. Never rejects.
 */
export async function openPage(scope: ServiceWorkerGlobalScope, navigate: string | undefined): Promise<void> {
  const front = new URL('/', scope.registration.scope).href;
  const url = readWebUrl(navigate, front);
  // before the app starts, which then looks for it
  if (isWebKit(scope)) await keep(scope, url, false);
  try {
    // a narrow scope controls no page, so the uncontrolled ones count too
    const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const open = windows.find((window) => window.url === url) ?? (url ? undefined : windows[0]);
    await (open?.focus() ?? scope.clients.openWindow(url ?? front));
  } catch {
    // the browser decides whether a click may open or focus a window; the receipt is sent all the same
    await keep(scope, url, true);
  }
}

/** For the page that starts next; one of another origin cannot look for it, and must not be led to. */
async function keep(
  scope: ServiceWorkerGlobalScope,
  url: string | undefined,
  hasFailed: boolean,
): Promise<void> {
  const { scope: address } = scope.registration;
  if (!url || new URL(url).origin !== new URL(address).origin) return;
  const page = { scope: address, url, clickedAt: Date.now(), hasFailed };
  // without a storage the app starts where it starts
  await keepClickedPage(page).catch(() => undefined);
}

/** All browsers of iOS. Others name WebKit as an ancestor, and Chrome beside it. */
function isWebKit({ navigator }: ServiceWorkerGlobalScope): boolean {
  return navigator.userAgent.includes('AppleWebKit') && !navigator.userAgent.includes('Chrom');
}

function readWebUrl(navigate: string | undefined, base: string): string | undefined {
  if (!navigate || !URL.canParse(navigate, base)) return undefined;
  const url = new URL(navigate, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
