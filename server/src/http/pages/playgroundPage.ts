import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { PlaygroundPasses } from '../../secrets/playgroundPasses';
import { relativeToRoot } from '../relativeToRoot';
import { pageFiles } from './pageFiles';

/**
 * The playground. In production it stands below an address with a pass, which the console asks for with an admin's key
 * (`viewer { playgroundPath }`); every other way in leads to the console's sign-in.
 * @param passes undefined: open to everybody
 */
export function playgroundRouter(clientDir: string, passes: PlaygroundPasses | undefined): Router {
  const router = Router();
  const files = pageFiles(join(clientDir, 'playground'), {
    cacheControl: passes ? 'private, no-cache' : 'no-cache',
    hasIndex: true,
  });
  router.use(editorPolicy);
  if (!passes) return router.use(files);
  router.use('/with/:pass', async (request, response, next) => {
    if (await passes.admits(request.params.pass)) files(request, response, next);
    else next();
  });
  return router.get('/{*path}', (request, response) =>
    response.redirect(`${relativeToRoot(request.originalUrl)}console/playground`),
  );
}

/** The editor inside GraphiQL writes style elements and starts its workers from blobs; the console frames it. */
function editorPolicy(_request: Request, response: Response, next: () => void): void {
  const policy = String(response.getHeader('Content-Security-Policy') ?? '');
  response.set(
    'Content-Security-Policy',
    policy
      .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
      .replace("worker-src 'self'", "worker-src 'self' blob:")
      .replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
  );
  response.set('X-Frame-Options', 'SAMEORIGIN');
  next();
}
