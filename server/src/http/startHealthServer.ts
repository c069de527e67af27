import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { answerNotFound } from './answerFault';
import { type HealthParts, healthRouter } from './health';
import type { RunningHttpServer } from './startHttpServer';

/** What a worker shows of itself: /healthz, /readyz and /metrics, and nothing else. */
export async function startHealthServer(
  parts: Omit<HealthParts, 'phase' | 'needsQueue'> & {
    host: string;
    port: number;
    isStarted: () => boolean;
  },
): Promise<RunningHttpServer> {
  let stopping = false;
  const phase = () => (stopping ? 'stopping' : parts.isStarted() ? 'ok' : 'starting');
  const app = express()
    .disable('x-powered-by')
    .use(healthRouter({ ...parts, needsQueue: true, phase }))
    .use(answerNotFound);
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(parts.port, parts.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${parts.host}:${port}`,
    port,
    stop: async () => {
      stopping = true;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
