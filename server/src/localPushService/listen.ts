import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TlsOptions {
  readonly key: Buffer;
  readonly cert: Buffer;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A listening socket: its port, the requests that come in, and how to end it with all its connections. */
export interface Listener {
  readonly port: number;
  onRequest(answer: Answer): void;
  /** Breaks the connection under a request with a TCP reset; on HTTP/2 that ends its other requests, too. */
  resetConnection(request: IncomingMessage): void;
  /** A connection that asks to become a WebSocket. */
  onUpgrade(upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  stop(): Promise<void>;
}

// longer than a sender's own idle time-out, so that it is the sender who closes an idle connection
const keepAliveTimeoutMs = 75_000;
const maxConcurrentStreams = 100;

/**
 * Opens an HTTP server; with `tls` HTTP/2 and, by ALPN, HTTP/1.1 on the same port.
 * Rejects when the port cannot be had.
 */
export async function listen(
  address: { host: string; port: number },
  tls: TlsOptions | undefined,
): Promise<Listener> {
  const server = tls
    ? createSecureServer({ ...tls, allowHTTP1: true, settings: { maxConcurrentStreams } })
    : createServer({ keepAliveTimeout: keepAliveTimeoutMs });
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    // node's HTTP/2 requests and responses are made to stand in for those of HTTP/1.1
    onRequest: (answer) => server.on('request', answer as never),
    onUpgrade: (upgrade) => server.on('upgrade', upgrade),
    resetConnection: ({ socket }) => sockets.get(connectionName(socket))?.resetAndDestroy(),
    stop: () => stop(server, sockets.values()),
  };
}

/** The TCP sockets, also of those connections that are wrapped in TLS and HTTP/2. */
function trackSockets(server: Server | Http2SecureServer): Map<string, Socket> {
  const sockets = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const name = connectionName(socket);
    sockets.set(name, socket);
    socket.once('close', () => sockets.delete(name));
  });
  return sockets;
}

// an HTTP/2 request does not give its socket away, but tells where it leads
function connectionName(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

async function stop(server: Server | Http2SecureServer, sockets: Iterable<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of [...sockets]) socket.destroy();
  await closed;
}
