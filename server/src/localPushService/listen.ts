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
    stop: () => stop(server, sockets),
  };
}

function trackSockets(server: Server | Http2SecureServer): Set<Socket> {
  const sockets = new Set<Socket>();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  return sockets;
}

async function stop(server: Server | Http2SecureServer, sockets: Set<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}
