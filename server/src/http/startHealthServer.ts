import express from 'express';
import type { Log } from '../observe/log';
import { answerNotFound } from './answerFault';
import { type AnswerDeadline, defaultAnswerDeadline, endIfUnread } from './connectionLimits';
import { type HealthDeps, healthRouter } from './health';
import { createHttpServer } from './httpServer';
import type { RunningHttpServer } from './startHttpServer';

/** Probes and Prometheus need a few. */
const maxConnections = 100;

/** What a worker shows of itself: /healthz, /readyz and /metrics, and nothing else. */
export async function startHealthServer(
  parts: Omit<HealthDeps, 'phase' | 'needsQueue'> & {
    host: string;
    port: number;
    log: Log;
    keepAliveSeconds: number;
    isStarted: () => boolean;
    answerDeadline?: AnswerDeadline;
  },
): Promise<RunningHttpServer> {
  const { answerDeadline = defaultAnswerDeadline } = parts;
  let stopping = false;
  const phase = () => (stopping ? 'stopping' : parts.isStarted() ? 'ok' : 'starting');
  const app = express()
    .disable('x-powered-by')
    .use(healthRouter({ ...parts, needsQueue: true, phase }))
    .use(answerNotFound);
  const http = createHttpServer(
    (request, response) => {
      endIfUnread(request, response, answerDeadline);
      app(request, response);
    },
    { maxConnections, keepAliveSeconds: parts.keepAliveSeconds, log: parts.log },
  );
  const { port } = await http.listen(parts.host, parts.port);
  return {
    url: `http://${parts.host}:${port}`,
    port,
    stop: async ({ drained, graceMs = 1_000 } = {}) => {
      stopping = true;
      http.drain();
      await drained;
      await http.close(graceMs);
    },
  };
}
