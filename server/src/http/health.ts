import { type Response, Router } from 'express';
import type { Registry } from 'prom-client';
import type { Database } from '../database/openDatabase';
import type { DispatchQueue } from '../queue/dispatchQueue';

const databaseTimeoutMs = 2_000;

export interface HealthParts {
  readonly database: Database;
  readonly queue: Pick<DispatchQueue, 'connected'>;
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly isStopping: () => boolean;
}

/**
 * `/healthz`: the process lives. `/readyz`: it can do its work, 503 with what is missing otherwise. `/metrics`:
 * Prometheus' text.
 */
export function healthRouter(parts: HealthParts): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void noStore(response).json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const checks = {
      database: (await isAnswering(parts.database)) ? 'ok' : 'unavailable',
      queue: parts.queue.connected ? 'ok' : 'unavailable',
      process: parts.isStopping() ? 'stopping' : 'ok',
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    noStore(response)
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ready' : 'not ready', checks });
  });
  router.get('/metrics', async (_request, response) => {
    const text = await parts.registry.metrics();
    noStore(response).set('Content-Type', parts.registry.contentType).send(text);
  });
  return router;
}

function noStore(response: Response): Response {
  return response.set('Cache-Control', 'no-store');
}

async function isAnswering(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), databaseTimeoutMs);
  });
  const answer = database.sql.rows('SELECT 1 AS one').then(
    (rows) => rows.length === 1,
    () => false,
  );
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
