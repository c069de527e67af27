import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import type { PushAnswer } from '../../../src/model/pushAnswer';
import type { PushPost } from '../../../src/webPush/pushPost';
import { openPushTransport, type PushTransport } from '../../../src/webPush/transport/pushTransport';
import type { PushTransportOptions } from '../../../src/webPush/transport/pushTransportOptions';
import { type RawPeer, startRawHttp2 } from './rawHttp2Server';
import { createTestCertificate } from './testCertificate';

/** A push transport and the peers it talks to. What a test opens is closed after it, the latest first. */

export const certificate = createTestCertificate('localhost');

export const failureNamed = (failure: Extract<PushAnswer, { kind: 'failure' }>['failure']): PushAnswer => ({
  kind: 'failure',
  failure,
});

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function closeAfterwards(close: () => unknown): void {
  cleanups.push(close);
}

/** A server that listens, and can be taken away before the end of its test. */
export interface Listening {
  readonly port: number;
  stop(): Promise<void>;
}

export async function listen(server: Server | Http2SecureServer, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  closeAfterwards(stop);
  return { port: (server.address() as AddressInfo).port, stop };
}

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, seen: number) => void;

/** An HTTP/2 push service; `onStream` learns how many requests came before. */
export async function startHttp2(onStream: OnStream, settings: Settings = {}, port = 0) {
  const server = createSecureServer({ ...certificate, allowHTTP1: true, settings });
  const sessions: ServerHttp2Session[] = [];
  const service = { server, requests: 0, sessions };
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    onStream(stream, headers, service.requests++);
  });
  return Object.assign(service, await listen(server, port));
}

/** A peer that says only what it is told: see `startRawHttp2`. */
export async function startRawPeer(
  answer: Parameters<typeof startRawHttp2>[1],
  greet?: (peer: RawPeer) => void,
) {
  const server = await startRawHttp2(certificate, answer, greet);
  closeAfterwards(() => server.close());
  return server;
}

export function openTransport(port: number, options: Partial<PushTransportOptions> = {}): PushTransport {
  const transport = openPushTransport({
    guard: new ConnectGuard(parsePushHosts(`localhost:${port}`)),
    extraCa: certificate.cert,
    ...options,
  });
  closeAfterwards(() => transport.close(0));
  return transport;
}

export function postTo(port: number, given: Partial<PushPost> & { scheme?: 'http' } = {}): PushPost {
  const { scheme = 'https', ...parts } = given;
  return {
    origin: `${scheme}://localhost:${port}`,
    path: '/push/1',
    pushService: 'push.example.org',
    urgency: 'normal',
    topic: 'abc',
    authorization: 'vapid t=x, k=y',
    body: Buffer.from('an encrypted body'),
    ttlEndsAt: Number.MAX_SAFE_INTEGER,
    timeoutMs: 5_000,
    latestSendAt: Number.MAX_SAFE_INTEGER,
    ...parts,
  };
}

export function accept(stream: ServerHttp2Stream): void {
  stream.resume();
  stream.respond({ ':status': 201, 'retry-after': '5', 'x-other': 'dropped' }, { endStream: true });
}
