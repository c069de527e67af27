import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Log } from '../observe/log';
import { answerNotFound } from './answerFault';
import { answerTimeoutMs, endIfUnread, limitConnections, oneAtATime } from './connectionLimits';
import { type HealthParts, healthRouter } from './health';
import type { RunningHttpServer } from './startHttpServer';

/** Probes and Prometheus need a few. */
const maxConnections = 100;

/** What a worker shows of itself: /healthz, /readyz and /metrics, and nothing else. */
export async function startHealthServer(
  parts: Omit<HealthParts, 'phase' | 'needsQueue'> & {
    host: string;
    port: number;
    log: Log;
    isStarted: () => boolean;
  },
): Promise<RunningHttpServer> {
  let stopping = false;
  const phase = () => (stopping ? 'stopping' : parts.isStarted() ? 'ok' : 'starting');
  const app = express()
    .disable('x-powered-by')
    .use(healthRouter({ ...parts, needsQueue: true, phase }))
    .use(answerNotFound);
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 },
    oneAtATime((request, response) => {
      endIfUnread(request, response, answerTimeoutMs);
      app(request, response);
    }),
  );
  limitConnections(server, maxConnections, parts.log);
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
