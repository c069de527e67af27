import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { relativeToRoot } from '../relativeToRoot';
import { pageFiles } from './pageFiles';

/** Stand in the built page where each answer has a nonce of its own, and the way to the root of this server. */
const noncePlace = '__STYLE_NONCE__';
const rootPlace = '__SERVER_ROOT__';
/** How the built page begins the addresses of its files. */
const ownFiles = /(?<=(?:src|href)=")\.\//g;

/**
 * The console: hashed files that browsers keep, and one page for every path, because the router runs in the browser.
 * Its component library writes style elements: they carry the answer's nonce, so that the policy stays strict.
 */
export function consoleRouter(clientDir: string): Router {
  const folder = join(clientDir, 'console');
  const router = Router();
  router.use(
    '/assets',
    pageFiles(join(folder, 'assets'), { cacheControl: 'public, max-age=31536000, immutable' }),
  );
  router.use('/assets', (_request, response) => {
    response.status(404).json({ error: 'There is no such file.' });
  });
  router.use(pageFiles(folder, { cacheControl: 'public, max-age=0' }));
  let page: string | undefined;
  router.get('/{*path}', (request: Request, response: Response) => {
    page ??= readFileSync(join(folder, 'index.html'), 'utf8');
    const nonce = randomBytes(16).toString('base64url');
    const root = relativeToRoot(request.originalUrl);
    const policy = String(response.getHeader('Content-Security-Policy') ?? '');
    response
      .set('Content-Security-Policy', consolePolicy(policy, nonce))
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(page.replace(noncePlace, nonce).replace(rootPlace, root).replace(ownFiles, `${root}console/`));
  });
  return router;
}

/** Previews of notifications show pictures from wherever the sender keeps them. */
function consolePolicy(policy: string, nonce: string): string {
  return policy
    .replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`)
    .replace(/img-src [^;]*/, '$& https:');
}
