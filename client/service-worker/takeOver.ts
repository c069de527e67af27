/** `install` and `activate` of the stand-alone worker: a new version serves at once, for pages open already too. */
export function takeOver(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
}
