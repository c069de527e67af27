import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { PlaygroundPasses } from '../secrets/playgroundPasses';
import { consoleRouter } from './consolePage';
import { pageFiles } from './pageFiles';
import { isLoopback } from './peerAddress';
import { playgroundRouter } from './playgroundPage';

/** Keys that the demo page is given: development only. */
export interface DemoKeys {
  /** Publishable. */
  readonly key: string;
  /** Secret, to send and read. */
  readonly sendKey: string;
}

export interface PagesParts {
  /** `client/dist`. */
  readonly clientDir: string;
  readonly publicUrl: string;
  readonly demo?: DemoKeys | undefined;
  /** Where only admins may open the playground: production. */
  readonly playgroundPasses: PlaygroundPasses | undefined;
}

/** The SDK and service worker under /sdk/, console and playground, and the demo page where there are keys for it. */
export function pagesRouter({ clientDir, publicUrl, demo, playgroundPasses }: PagesParts): Router {
  const router = Router();
  router.use('/sdk', sdkHeaders, pageFiles(join(clientDir, 'sdk'), { cacheControl: revalidate }));
  if (demo) {
    router.get('/demo/config.json', (request, response) => demoConfig(request, response, publicUrl, demo));
    router.use('/demo', pageFiles(join(clientDir, 'demo'), { cacheControl: revalidate, hasIndex: true }));
  }
  router.use('/console', consoleRouter(clientDir));
  router.use('/playground', playgroundRouter(clientDir, playgroundPasses));
  router.get('/', (_request, response) => response.redirect(demo ? '/demo/' : '/console/'));
  return router;
}

/**
 * Other origins import the SDK; the worker may control the whole of ours. A worker's own policy governs what it
 * fetches, and receipts go wherever the payload says the API is.
 */
function sdkHeaders(_request: Request, response: Response, next: () => void): void {
  const policy = String(response.getHeader('Content-Security-Policy') ?? '');
  response.set({
    'Content-Security-Policy': policy.replace(/connect-src [^;]*/, 'connect-src *'),
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Service-Worker-Allowed': '/',
  });
  next();
}

/** Browsers ask each time and are answered by ETag: a new service worker must reach them at once. */
const revalidate = 'no-cache';

/**
 * Holds a secret key, so it answers this machine only, and only to names it is reached by: a foreign name that resolves
 * to it (DNS rebinding) gets nothing. The URL is relative to the page, whatever name that was opened under.
 */
function demoConfig(request: Request, response: Response, publicUrl: string, demo: DemoKeys): void {
  const names = ['localhost', '127.0.0.1', '::1', '[::1]', new URL(publicUrl).hostname];
  if (!isLoopback(request.ip) || !names.includes(request.hostname)) {
    response.status(403).json({ error: 'The demo is for this machine, under a name of its own.' });
    return;
  }
  response.set('Cache-Control', 'no-store').json({ url: '/graphql', key: demo.key, sendKey: demo.sendKey });
}
