import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Log } from '../observe/log';
import { IdleConnections, limitConnections, oneAtATime } from './connectionLimits';

/**
 * Connections that wait to be accepted; the kernel's own limit (net.core.somaxconn) is 4,096 too. A burst fills Node's 511:
 * then the kernel drops everybody's SYN, and a client tries again after a second at the earliest.
 */
const waitingConnections = 4_096;

export interface HttpServerOptions {
  /** An idle connection is kept for so long. Longer than the proxy in front keeps its side, or requests are lost. */
  readonly keepAliveSeconds: number;
  readonly maxConnections: number;
  readonly log: Log;
}

/** How a server ends. */
export interface ServerEnd {
  /** It goes on serving until this settles, so that a balancer sees that it is not ready any more. Default: at once. */
  readonly drained?: Promise<unknown> | undefined;
  /** How long requests that are then under way may take. */
  readonly graceMs?: number;
}

export interface DrainableServer {
  readonly server: Server;
  listen(host: string, port: number): Promise<AddressInfo>;
  /** From now on every answer asks its client to close the connection. */
  drain(): void;
  /** Takes no more connections, and resolves once all are closed; after `graceMs` they are cut. */
  close(graceMs: number): Promise<void>;
}

/**
 * Node looks for requests that are too slow at this interval. Its default of 30 seconds would let `headersTimeout` come up to 30
 * seconds late.
 */
const connectionsCheckingInterval = 5_000;

/**
 * The HTTP server of an API process and of a worker. `headersTimeout` and `requestTimeout` count from the first byte of a request
 * (from the connection for the first one), so they need not be longer than `keepAliveTimeout`.
 */
export function createHttpServer(listener: RequestListener, options: HttpServerOptions): DrainableServer {
  const unanswered = new Set<ServerResponse>();
  const idle = new IdleConnections();
  let isDraining = false;
  const server = createServer(
    {
      keepAliveTimeout: options.keepAliveSeconds * 1_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval,
      maxHeaderSize: 16_384,
    },
    oneAtATime((request, response) => {
      if (isDraining) response.shouldKeepAlive = false;
      unanswered.add(response);
      response.once('close', () => unanswered.delete(response));
      listener(request, response);
    }, idle),
  );
  endWhenIdle(server);
  limitConnections(server, idle, options.maxConnections, options.log);
  return {
    server,
    listen: (host, port) => listen(server, host, port),
    drain: () => {
      isDraining = true;
      // has no effect on an answer whose head has been sent: its connection is closed when it becomes idle
      for (const response of unanswered) response.shouldKeepAlive = false;
    },
    close: (graceMs) => close(server, idle, graceMs),
  };
}

/** Ends connections that were idle for too long; not when a request had come while the process stood still. */
function endWhenIdle(server: Server): void {
  server.on('timeout', (socket) => {
    const { bytesRead } = socket;
    setImmediate(() => socket.bytesRead === bytesRead && socket.destroy());
  });
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: waitingConnections }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Keep-alive connections become idle one by one, so they are closed as they do. */
async function close(server: Server, idle: IdleConnections, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // the HTTP server's own `close` would cut answers that are still on their way
    NetServer.prototype.close.call(server, () => resolve());
  });
  idle.closeAll();
  const sweep = setInterval(() => idle.closeAll(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
