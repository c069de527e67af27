import { FanfareError } from './fanfareError';

/** A `TrustedScriptURL`, for pages with `require-trusted-types-for 'script'`; or a `URL`. */
export interface ScriptUrl {
  toJSON(): string;
}

/** How the page says which service worker is meant; what each member is by default stands in FanfareOptions. */
export interface WorkerOptions {
  url?: string | ScriptUrl;
  scope?: string;
  type?: WorkerType;
}

/** The service worker's script and scope; both are same-origin URLs, the scope is the script's folder by default. */
export interface WorkerAddress {
  url: string;
  /** What `register` is given: a `TrustedScriptURL` is handed on as it is, since as text the browser refuses it. */
  script: string | ScriptUrl;
  scope: string;
  type: WorkerType;
}

/** What relative addresses are relative to; on a server that renders the page nothing is fetched from there. */
export function pageUrl(): string {
  return globalThis.location?.href ?? 'http://localhost/';
}

/** Absolute addresses of the worker, resolved against the page. */
export function resolveWorker(worker: WorkerOptions = {}): WorkerAddress {
  const given = worker.url ?? '/sdk/fanfare-sw.js';
  const url = new URL(typeof given === 'string' ? given : given.toJSON(), pageUrl());
  const scope = worker.scope === undefined ? new URL('./', url) : new URL(worker.scope, pageUrl());
  const script = typeof given === 'string' ? url.href : given;
  return { url: url.href, script, scope: scope.href, type: worker.type ?? 'classic' };
}

/** The registration of exactly this scope, if there is one. */
export async function findRegistration(scope: string): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  return registration?.scope === scope ? registration : undefined;
}

/**
 * Waits until the worker is active, and registers it first where it is not registered. A worker that the SDK registered
 * itself, or that differs in its query only (a version, say), is replaced by the one that is asked for now.
 * @param ownUrl the script that the SDK itself registered for this scope before, if it did
 * @returns the registration, and the script if the SDK registered it, now or before
 * @throws FanfareError `WORKER_CONFLICT` when a script of somebody else serves the scope (registering would replace it),
 * `WORKER_FAILED` when the script does not load or install
 */
export async function registerWorker(
  { url, script, scope, type }: WorkerAddress,
  ownUrl?: string,
): Promise<{ registration: ServiceWorkerRegistration; ownUrl: string | undefined }> {
  const existing = await findRegistration(scope);
  const scripts = scriptsOf(existing);
  // an app's own registration stays as the app made it: registering again would change its type and its caching
  const isThere = existing && scripts.includes(url);
  const stranger = scripts.find((each) => each !== ownUrl && withoutQuery(each) !== withoutQuery(url));
  if (stranger && !isThere) {
    throw new FanfareError(
      'WORKER_CONFLICT',
      `${stranger} already serves ${scope}: attach Fanfare to it, or give serviceWorker.scope`,
    );
  }
  try {
    const options: RegistrationOptions = { scope, type, updateViaCache: 'none' };
    // a TrustedScriptURL, which the DOM types of TypeScript do not know yet
    const trusted = script as string;
    const registration = isThere ? existing : await navigator.serviceWorker.register(trusted, options);
    const isOwn = !isThere || url === ownUrl;
    return { registration: await untilActive(registration), ownUrl: isOwn ? url : undefined };
  } catch (cause) {
    throw new FanfareError('WORKER_FAILED', `The service worker ${url} did not start`, { cause });
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
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
