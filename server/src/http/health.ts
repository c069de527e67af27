import { type Response, Router } from 'express';
import type { Registry } from 'prom-client';
import type { Database } from '../database/openDatabase';
import { withDeadline } from '../model/withDeadline';
import type { DispatchQueue } from '../queue/dispatchQueue';

const databaseTimeoutMs = 2_000;

type DatabaseState = 'ok' | 'unavailable' | 'disk full';

export interface HealthDeps {
  readonly database: Database;
  readonly queue: Pick<DispatchQueue, 'connected'>;
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  /** A worker can do nothing without the queue; an API accepts all the same, since the database holds the work. */
  readonly needsQueue: boolean;
  readonly phase: () => 'starting' | 'ok' | 'stopping';
}

/**
 * `/healthz`: the process lives. `/readyz`: it can do its work, 503 with what is missing otherwise (also room on the disk), and `degraded` when
 * it can, but others must wait for what is missing. `/metrics`: Prometheus' text.
 */
export function healthRouter(parts: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void noStore(response).json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const checks = {
      database: await withDeadline(askState(parts.database), databaseTimeoutMs, 'asking the database').catch(
        () => 'unavailable' as const,
      ),
      queue: parts.queue.connected ? 'ok' : 'unavailable',
      process: parts.phase(),
    };
    const status = readiness(checks, parts.needsQueue);
    noStore(response)
      .status(status === 'not ready' ? 503 : 200)
      .json({ status, checks });
  });
  router.get('/metrics', async (_request, response) => {
    const text = await parts.registry.metrics();
    noStore(response).set('Content-Type', parts.registry.contentType).send(text);
  });
  return router;
}

function readiness(
  checks: Readonly<Record<'database' | 'queue' | 'process', string>>,
  needsQueue: boolean,
): 'ready' | 'degraded' | 'not ready' {
  if (checks.database !== 'ok' || checks.process !== 'ok') return 'not ready';
  if (checks.queue === 'ok') return 'ready';
  return needsQueue ? 'not ready' : 'degraded';
}

function noStore(response: Response): Response {
  return response.set('Cache-Control', 'no-store');
}

async function askState(database: Database): Promise<DatabaseState> {
  const isAnswering = await database.sql.rows('SELECT 1 AS one').then(
    (rows) => rows.length === 1,
    () => false,
  );
  if (!isAnswering) return 'unavailable';
  if (!database.isStorageFull()) return 'ok';
  // nothing else may write until the socket has room again
  await database.write((sql) => sql.run(probe, [String(Date.now())])).catch(() => undefined);
  return database.isStorageFull() ? 'disk full' : 'ok';
}

/** A row of a few hundred bytes that replaces itself: room for one page is room for work. */
const probe = `REPLACE INTO setting (name, value) VALUES ('storageProbe', ?)`;
