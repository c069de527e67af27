import { FanfareError } from './fanfareError';

/** The service worker's script and scope; both are same-origin URLs, the scope is the script's folder by default. */
export interface WorkerAddress {
  url: string;
  scope: string;
}

/** What relative addresses are relative to; on a server that renders the page nothing is fetched from there. */
export function pageUrl(): string {
  return globalThis.location?.href ?? 'http://localhost/';
}

/** Absolute addresses of the worker, resolved against the page. */
export function resolveWorker(worker: { url?: string; scope?: string } = {}): WorkerAddress {
  const url = new URL(worker.url ?? '/sdk/fanfare-sw.js', pageUrl());
  const scope = worker.scope === undefined ? new URL('./', url) : new URL(worker.scope, pageUrl());
  return { url: url.href, scope: scope.href };
}

/** The registration of exactly this scope, if there is one. */
export async function findRegistration(scope: string): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  return registration?.scope === scope ? registration : undefined;
}

/**
 * Registers the worker and waits until it is active. Throws FanfareError: `WORKER_CONFLICT` when another script
 * already serves the scope (registering would replace it), `WORKER_FAILED` when the script does not load or install.
 */
export async function registerWorker(worker: WorkerAddress): Promise<ServiceWorkerRegistration> {
  const existing = await findRegistration(worker.scope);
  if (existing?.active && existing.active.scriptURL !== worker.url) {
    throw new FanfareError(
      'WORKER_CONFLICT',
      `${existing.active.scriptURL} already serves ${worker.scope}: attach Fanfare to it, or give serviceWorker.scope`,
    );
  }
  try {
    const { url, scope } = worker;
    return await untilActive(await navigator.serviceWorker.register(url, { scope, updateViaCache: 'none' }));
  } catch (cause) {
    throw new FanfareError('WORKER_FAILED', `The service worker ${worker.url} did not start`, { cause });
  }
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
