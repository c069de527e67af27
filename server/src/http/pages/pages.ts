import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { PlaygroundPasses } from '../../secrets/playgroundPasses';
import { consoleRouter } from './consolePage';
import { type DemoKeys, sendDemoConfig } from './demoConfig';
import { pageFiles } from './pageFiles';
import { playgroundRouter } from './playgroundPage';

export interface PagesDeps {
  /** `client/dist`. */
  readonly clientDir: string;
  readonly demo?: DemoKeys | undefined;
  /** Where only admins may open the playground: production. */
  readonly playgroundPasses: PlaygroundPasses | undefined;
}

/** The SDK and service worker under /sdk/, console and playground, and the demo page where there are keys for it. */
export function pagesRouter({ clientDir, demo, playgroundPasses }: PagesDeps): Router {
  const router = Router();
  router.use('/sdk', sdkHeaders, pageFiles(join(clientDir, 'sdk'), { cacheControl: revalidate }));
  if (demo) {
    router.get('/demo/config.json', (request, response) => sendDemoConfig(request, response, demo));
    router.use('/demo', pageFiles(join(clientDir, 'demo'), { cacheControl: revalidate, hasIndex: true }));
  }
  router.use('/console', consoleRouter(clientDir));
  router.use('/playground', playgroundRouter(clientDir, playgroundPasses));
  router.get('/', (_request, response) => response.redirect(demo ? './demo/' : './console/'));
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
