import { FanfareError } from './fanfareError';

/** How the page says which service worker is meant; what each member is by default stands in FanfareOptions. */
export interface WorkerOptions {
  url?: string;
  scope?: string;
  type?: WorkerType;
}

/** The service worker's script and scope; both are same-origin URLs, the scope is the script's folder by default. */
export interface WorkerAddress {
  url: string;
  scope: string;
  type: WorkerType;
}

/** What relative addresses are relative to; on a server that renders the page nothing is fetched from there. */
export function pageUrl(): string {
  return globalThis.location?.href ?? 'http://localhost/';
}

/** Absolute addresses of the worker, resolved against the page. */
export function resolveWorker(worker: WorkerOptions = {}): WorkerAddress {
  const url = new URL(worker.url ?? '/sdk/fanfare-sw.js', pageUrl());
  const scope = worker.scope === undefined ? new URL('./', url) : new URL(worker.scope, pageUrl());
  return { url: url.href, scope: scope.href, type: worker.type ?? 'classic' };
}

/** The registration of exactly this scope, if there is one. */
export async function findRegistration(scope: string): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  return registration?.scope === scope ? registration : undefined;
}

/**
 * Waits until the worker is active, and registers it first where nobody has. Throws FanfareError: `WORKER_CONFLICT` when
 * another script already serves the scope (registering would replace it), `WORKER_FAILED` when the script does not load
 * or install.
 */
export async function registerWorker(worker: WorkerAddress): Promise<ServiceWorkerRegistration> {
  const { url, scope, type } = worker;
  const existing = await findRegistration(scope);
  const scripts = scriptsOf(existing);
  // an app's own registration stays as the app made it: registering anew would change its type and its caching
  const isThere = existing && scripts.includes(url);
  if (scripts[0] && !isThere) {
    throw new FanfareError(
      'WORKER_CONFLICT',
      `${scripts[0]} already serves ${scope}: attach Fanfare to it, or give serviceWorker.scope`,
    );
  }
  try {
    const options: RegistrationOptions = { scope, type, updateViaCache: 'none' };
    return await untilActive(isThere ? existing : await navigator.serviceWorker.register(url, options));
  } catch (cause) {
    throw new FanfareError('WORKER_FAILED', `The service worker ${url} did not start`, { cause });
  }
}

/** The script that serves, if one does, then those that are about to. */
function scriptsOf(registration: ServiceWorkerRegistration | undefined): string[] {
  const workers = [registration?.active, registration?.waiting, registration?.installing];
  return workers.flatMap((worker) => worker?.scriptURL ?? []);
}

function untilActive(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return Promise.resolve(registration);
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve(registration);
      if (worker.state === 'redundant') reject(new Error('It was discarded while installing'));
    });
  });
}
