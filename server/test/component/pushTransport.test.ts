import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { PushPost } from '../../src/delivery/pushPost';
import { openPushTransport, type PushTransport } from '../../src/delivery/pushTransport';
import type { PushTransportOptions } from '../../src/delivery/pushTransportOptions';
import { ConnectGuard } from '../../src/egress/guardedLookup';
import { parsePushHosts, vendorsOnly } from '../../src/egress/pushHostPolicy';
import type { PushAnswer } from '../../src/model/pushAnswer';
import { startTcpProxy, type TcpProxy } from '../support/tcpProxy';
import { createTestCertificate } from '../support/testCertificate';
import { until } from '../support/until';

const certificate = createTestCertificate('localhost');
const body = Buffer.from('an encrypted body');
const timedOut: PushAnswer = { kind: 'failure', failure: 'timeout' };
const reset: PushAnswer = { kind: 'failure', failure: 'reset' };
const refused: PushAnswer = { kind: 'failure', failure: 'refused' };

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server | Http2SecureServer, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => stop());
  return (server.address() as AddressInfo).port;

  async function stop(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  }
}

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, seen: number) => void;

/** An HTTP/2 push service; `onStream` learns how many requests came before. */
async function startHttp2(onStream: OnStream, settings: Settings = {}, port = 0) {
  const server = createSecureServer({ ...certificate, allowHTTP1: true, settings });
  const service = { port: 0, server, requests: 0, sessions: [] as ServerHttp2Session[] };
  server.on('session', (session) => {
    service.sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    onStream(stream, headers, service.requests++);
  });
  service.port = await listen(server, port);
  return service;
}

function open(port: number, options: Partial<PushTransportOptions> = {}): PushTransport {
  const transport = openPushTransport({
    guard: new ConnectGuard(parsePushHosts(`localhost:${port}`)),
    extraCa: certificate.cert,
    ...options,
  });
  cleanups.push(() => transport.close(0));
  return transport;
}

function post(port: number, path = '/push/1', timeoutMs = 5_000, scheme = 'https'): PushPost {
  const headers = { ttl: '60', urgency: 'normal', authorization: 'vapid t=x, k=y', topic: 'abc' } as const;
  return { origin: `${scheme}://localhost:${port}`, path, headers, body, timeoutMs };
}

function accept(stream: ServerHttp2Stream): void {
  stream.resume();
  stream.respond({ ':status': 201, location: '/m/1', 'x-other': 'dropped' }, { endStream: true });
}

describe('over HTTP/2', () => {
  test('a post arrives whole, and the answer comes back with the kept headers only', async () => {
    let seen: IncomingHttpHeaders = {};
    const received: Buffer[] = [];
    const { port } = await startHttp2((stream, headers) => {
      seen = headers;
      stream.on('data', (chunk: Buffer) => received.push(chunk)).on('end', () => accept(stream));
    });
    const answer = await open(port).post(post(port, '/push/1?token=a%2fb'));
    expect(answer).toEqual({ kind: 'response', status: 201, headers: { location: '/m/1' }, body: '' });
    expect(Buffer.concat(received)).toEqual(body);
    expect(seen).toMatchObject({
      ':method': 'POST',
      ':scheme': 'https',
      ':path': '/push/1?token=a%2fb',
      ':authority': `localhost:${port}`,
      ttl: '60',
      urgency: 'normal',
      topic: 'abc',
      authorization: 'vapid t=x, k=y',
      'content-length': String(body.length),
    });
  });

  test('many posts share one connection, answered in any order', async () => {
    const service = await startHttp2((stream, headers) => {
      const path = headers[':path'] ?? '';
      setTimeout(() => {
        stream.respond({ ':status': 400 });
        stream.end(path);
      }, Math.random() * 50);
    });
    const transport = open(service.port);
    const paths = Array.from({ length: 200 }, (_, i) => `/push/${i}`);
    const answers = await Promise.all(paths.map((path) => transport.post(post(service.port, path))));
    expect(answers.map((answer) => answer.kind === 'response' && answer.body)).toEqual(paths);
    expect(service.sessions.length).toBe(1);
    expect(transport.stats).toEqual({ inFlight: 0, connections: 1, posts: 200, resent: 0 });
  });

  test('never more streams than the peer allows, on never more connections than we allow', async () => {
    let openStreams = 0;
    let most = 0;
    const service = await startHttp2(
      (stream) => {
        most = Math.max(most, ++openStreams);
        stream.on('close', () => openStreams--);
        setTimeout(() => accept(stream), 5);
      },
      { maxConcurrentStreams: 10 },
    );
    const transport = open(service.port, { maxConnections: 2 });
    const answers = await Promise.all(Array.from({ length: 150 }, () => transport.post(post(service.port))));
    expect(answers.every((answer) => answer.kind === 'response' && answer.status === 201)).toBe(true);
    expect(service.sessions.length).toBe(2);
    expect(most).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(20);
    expect(service.requests).toBe(150);
    expect(transport.stats.resent).toBe(0);
  });

  test('an answer after two seconds is waited for and delays no other', async () => {
    const { port } = await startHttp2((stream, headers) => {
      if (headers[':path'] === '/slow') setTimeout(() => accept(stream), 2_000);
      else accept(stream);
    });
    const transport = open(port);
    const startedAt = Date.now();
    const slow = transport.post(post(port, '/slow'));
    await Promise.all(Array.from({ length: 50 }, () => transport.post(post(port))));
    expect(Date.now() - startedAt).toBeLessThan(1_500);
    expect(await slow).toMatchObject({ status: 201 });
  });

  test('a redirect is an answer and is not followed', async () => {
    const service = await startHttp2((stream) => {
      stream.respond({ ':status': 307, location: '/elsewhere' }, { endStream: true });
    });
    expect(await open(service.port).post(post(service.port))).toMatchObject({ status: 307 });
    expect(service.requests).toBe(1);
  });
});

describe('what surely was not taken is sent again', () => {
  test('a stream refused once', async () => {
    const service = await startHttp2((stream, _headers, seen) => {
      if (seen === 0) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else accept(stream);
    });
    const transport = open(service.port);
    expect(await transport.post(post(service.port))).toMatchObject({ status: 201 });
    expect(transport.stats.resent).toBe(1);
  });

  test('but not for ever', async () => {
    const service = await startHttp2((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    expect(await open(service.port).post(post(service.port))).toEqual(refused);
    expect(service.requests).toBe(4);
  });

  test.each([
    ['graceful', constants.NGHTTP2_NO_ERROR],
    ['with an error', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('streams beyond the last one of a GOAWAY, %s', async (_name, code) => {
    const taken: string[] = [];
    const service = await startHttp2((stream, headers, seen) => {
      if (seen === 0) {
        // Takes the first stream, and says so while nine more are on their way.
        stream.session?.goaway(code, stream.id);
        taken.push(headers[':path'] ?? '');
        if (code === constants.NGHTTP2_NO_ERROR) setTimeout(() => accept(stream), 50);
      } else if (stream.session === service.sessions[0]) {
        stream.close(constants.NGHTTP2_CANCEL);
      } else {
        taken.push(headers[':path'] ?? '');
        accept(stream);
      }
    });
    const transport = open(service.port);
    const paths = Array.from({ length: 10 }, (_, i) => `/push/${i}`);
    const answers = await Promise.all(paths.map((path) => transport.post(post(service.port, path))));
    const first = code === constants.NGHTTP2_NO_ERROR ? { status: 201 } : reset;
    expect(answers[0]).toMatchObject(first);
    for (const answer of answers.slice(1)) expect(answer).toMatchObject({ status: 201 });
    expect(taken.sort()).toEqual(paths);
    expect(service.sessions.length).toBe(2);
  });

  test('on a later connection, when those before were ended at once; without a storm of them', async () => {
    const service = await startHttp2(accept);
    service.server.on('session', (session) => {
      if (service.sessions.length <= 2) session.goaway();
    });
    const transport = open(service.port);
    const startedAt = Date.now();
    const answers = await Promise.all([1, 2, 3].map(() => transport.post(post(service.port))));
    for (const answer of answers) expect(answer).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(3);
    expect(Date.now() - startedAt).toBeGreaterThan(900);
  });

  test('over HTTP/1.1 when the push service asks for that', async () => {
    const service = await startHttp2((stream) => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED));
    service.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.httpVersion === '1.1') response.writeHead(201).end();
    });
    expect(await open(service.port).post(post(service.port))).toMatchObject({ status: 201 });
  });
});

describe('what may have been taken is not sent again', () => {
  test.each([
    ['a stream reset', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['a connection cut', (stream: ServerHttp2Stream) => stream.session?.destroy()],
  ])('%s', async (_name, fault) => {
    const service = await startHttp2((stream, _headers, seen) =>
      seen === 0 ? fault(stream) : accept(stream),
    );
    const transport = open(service.port);
    expect(await transport.post(post(service.port))).toEqual(reset);
    expect(service.requests).toBe(1);
    expect(await transport.post(post(service.port))).toMatchObject({ status: 201 });
  });
});

describe('a post is over by its deadline', () => {
  test('when no answer comes; the others are not touched', async () => {
    const service = await startHttp2((stream, headers) => {
      if (headers[':path'] !== '/stall') accept(stream);
    });
    const transport = open(service.port);
    const startedAt = Date.now();
    const stalled = transport.post(post(service.port, '/stall', 300));
    expect(await transport.post(post(service.port))).toMatchObject({ status: 201 });
    expect(await stalled).toEqual(timedOut);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    expect(await transport.post(post(service.port))).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBeLessThanOrEqual(2);
  });

  test('when the body never ends: the status counts', async () => {
    const { port } = await startHttp2((stream) => {
      stream.respond({ ':status': 410 });
      stream.write('gone');
    });
    const answer = await open(port).post(post(port, '/push', 300));
    expect(answer).toEqual({ kind: 'response', status: 410, headers: {}, body: 'gone' });
  });

  test('when the handshake never ends', async () => {
    const port = await listen(createTcpServer());
    expect(await open(port).post(post(port, '/push', 300))).toEqual(timedOut);
    const impatient = open(port, { connectTimeoutMs: 200 });
    expect(await impatient.post(post(port, '/push', 5_000))).toEqual(timedOut);
  });

  test('while it waits for a free stream', async () => {
    const { port } = await startHttp2(() => undefined, { maxConcurrentStreams: 1 });
    const transport = open(port, { maxConnections: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => transport.post(post(port, '/push', 300))));
    expect(answers).toEqual([timedOut, timedOut, timedOut]);
    expect(transport.stats.inFlight).toBe(0);
  });
});

describe('an endless body', () => {
  const chunk = Buffer.alloc(16_384, 'x');

  function pour(sink: {
    write(data: Buffer): boolean;
    once(event: 'drain', next: () => void): unknown;
  }): void {
    while (sink.write(chunk));
    sink.once('drain', () => pour(sink));
  }

  test('over HTTP/2 is cut at 4 KiB, and the stream with it', async () => {
    let closed = false;
    const service = await startHttp2((stream) => {
      stream.on('close', () => {
        closed = true;
      });
      stream.respond({ ':status': 500 });
      pour(stream);
    });
    const answer = await open(service.port).post(post(service.port));
    expect(answer).toEqual({ kind: 'response', status: 500, headers: {}, body: 'x'.repeat(4096) });
    await until(() => closed, 'the stream is closed');
  });

  test('over HTTP/1.1 is cut at 4 KiB, and the connection with it', async () => {
    let closed = false;
    const server = createHttpsServer(certificate, (_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(500);
      pour(response);
    });
    const port = await listen(server);
    const answer = await open(port).post(post(port));
    expect(answer).toEqual({ kind: 'response', status: 500, headers: {}, body: 'x'.repeat(4096) });
    await until(() => closed, 'the stream is closed');
  });
});

describe('over HTTP/1.1', () => {
  test('a push service that speaks nothing else, on kept connections', async () => {
    const requests: IncomingMessage[] = [];
    const sockets = new Set<Socket>();
    const server = createHttpsServer(certificate, (request, response) => {
      requests.push(request);
      sockets.add(request.socket);
      request.resume().on('end', () => response.writeHead(201, { location: '/m/1' }).end());
    });
    const port = await listen(server);
    const transport = open(port, { maxHttp1Connections: 5 });
    const answers = await Promise.all(Array.from({ length: 60 }, () => transport.post(post(port, '/a?b=c'))));
    for (const answer of answers) {
      expect(answer).toEqual({ kind: 'response', status: 201, headers: { location: '/m/1' }, body: '' });
    }
    expect(sockets.size).toBe(5);
    expect(requests[0]).toMatchObject({ httpVersion: '1.1', method: 'POST', url: '/a?b=c' });
    expect(requests[0]?.headers).toMatchObject({
      host: `localhost:${port}`,
      ttl: '60',
      'content-length': String(body.length),
    });
    expect(requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  test('plain http, where the operator allows it', async () => {
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(201).end());
    });
    const port = await listen(server);
    const transport = open(port);
    expect(await transport.post(post(port, '/push', 5_000, 'http'))).toMatchObject({ status: 201 });
  });

  test.each([
    ['a socket reset', (_response: ServerResponse, socket: Socket) => socket.resetAndDestroy(), reset],
    ['a socket closed', (_response: ServerResponse, socket: Socket) => socket.destroy(), reset],
    [
      'an answer that is no HTTP',
      (_response: ServerResponse, socket: Socket) => socket.end('SSH-2.0\r\n\r\n'),
      { kind: 'failure', failure: 'protocol' },
    ],
    ['a stall', () => undefined, timedOut],
    [
      'headers without end',
      (_response: ServerResponse, socket: Socket) =>
        socket.write(`HTTP/1.1 201 Created\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(40)}`),
      { kind: 'failure', failure: 'protocol' },
    ],
    [
      'a redirect',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
      { kind: 'response', status: 302, headers: { location: 'http://127.0.0.1/' }, body: '' },
    ],
  ])('%s', async (_name, fault, expected) => {
    let requests = 0;
    const server = createHttpServer((request, response) => {
      if (requests++ === 0) fault(response, request.socket);
      else response.writeHead(201).end();
    });
    const port = await listen(server);
    const transport = open(port);
    expect(await transport.post(post(port, '/push', 500, 'http'))).toEqual(expected);
    expect(requests).toBe(1);
    expect(await transport.post(post(port, '/push', 500, 'http'))).toMatchObject({ status: 201 });
  });
});

describe('no connection', () => {
  test('to a port where nobody listens; it is tried again for the next post', async () => {
    const port = await listen(createTcpServer());
    await cleanups.pop()?.();
    const transport = open(port);
    expect(await transport.post(post(port))).toEqual(refused);
    expect(await transport.post(post(port, '/push', 500, 'http'))).toEqual(refused);
    await startHttp2(accept, {}, port);
    expect(await transport.post(post(port))).toMatchObject({ status: 201 });
  });

  test.each([
    ['a certificate nobody vouches for', { extraCa: undefined }, 'tls'],
    ['a host that may not be reached', { guard: new ConnectGuard(vendorsOnly) }, 'blocked-address'],
  ])('%s', async (_name, options, failure) => {
    const service = await startHttp2(accept);
    expect(await open(service.port, options).post(post(service.port))).toEqual({ kind: 'failure', failure });
    expect(service.requests).toBe(0);
  });

  test('a certificate for another host', async () => {
    const server = createSecureServer({ ...createTestCertificate('other.example') });
    const port = await listen(server);
    expect(await open(port).post(post(port))).toEqual({ kind: 'failure', failure: 'tls' });
  });

  test('a name that has a private address, or none', async () => {
    let address: string | undefined = '127.0.0.1';
    const policy = { mode: 'any-public-host', hosts: [], privateHosts: [] } as const;
    const guard = new ConnectGuard(policy, (_hostname, _options, callback) => {
      callback(null, address === undefined ? [] : [{ address, family: 4 }]);
    });
    const transport = openPushTransport({ guard });
    cleanups.push(() => transport.close(0));
    const message = { ...post(443), origin: 'https://rebind.example.org' };
    expect(await transport.post(message)).toEqual({ kind: 'failure', failure: 'blocked-address' });
    address = undefined;
    expect(await transport.post(message)).toEqual({ kind: 'failure', failure: 'dns' });
  });

  test('a header that HTTP cannot carry', async () => {
    const server = createHttpServer((_request, response) => response.writeHead(201).end());
    const port = await listen(server);
    const transport = open(port);
    const good = post(port, '/push', 5_000, 'http');
    const bad = { ...good, headers: { ...good.headers, authorization: 'a\nb' } };
    const answers = await Promise.all([bad, good, bad, good].map((each) => transport.post(each)));
    const protocol = { kind: 'failure', failure: 'protocol' };
    expect(answers).toMatchObject([protocol, { status: 201 }, protocol, { status: 201 }]);
    expect(transport.stats.inFlight).toBe(0);
  });
});

describe('connections', () => {
  test('are opened anew after the push service was restarted', async () => {
    const first = await startHttp2(accept);
    const transport = open(first.port);
    expect(await transport.post(post(first.port))).toMatchObject({ status: 201 });
    await cleanups.splice(0, 1)[0]?.();
    await until(() => transport.stats.connections === 0, 'the connection is given up');
    await startHttp2(accept, {}, first.port);
    expect(await transport.post(post(first.port))).toMatchObject({ status: 201 });
  });

  test('are closed when idle', async () => {
    const service = await startHttp2(accept);
    const transport = open(service.port, { idleTimeoutMs: 200 });
    await transport.post(post(service.port));
    expect(transport.stats.connections).toBe(1);
    await until(() => transport.stats.connections === 0, 'the connection is given up');
    expect(await transport.post(post(service.port))).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(2);
  });

  describe('behind a proxy', () => {
    let proxy: TcpProxy;

    async function openThroughProxy(options: Partial<PushTransportOptions>) {
      const service = await startHttp2(accept);
      proxy = await startTcpProxy(service.port);
      cleanups.push(() => proxy.close());
      return { transport: open(proxy.port, options), port: proxy.port };
    }

    test('that are cut end their posts at once', async () => {
      const service = await startHttp2(() => undefined);
      const between = await startTcpProxy(service.port);
      cleanups.push(() => between.close());
      const out = open(between.port).post(post(between.port));
      await until(() => service.requests === 1, 'the request has come');
      between.cut();
      expect(await out).toEqual(reset);
    });

    test('that silently went dead are found out when idle', async () => {
      const { transport, port } = await openThroughProxy({ pingAfterMs: 100, pingTimeoutMs: 200 });
      expect(await transport.post(post(port))).toMatchObject({ status: 201 });
      proxy.freeze();
      await until(() => transport.stats.connections === 0, 'the connection is given up');
      proxy.heal();
      expect(await transport.post(post(port))).toMatchObject({ status: 201 });
    });

    test('that silently went dead are left after the first post that timed out', async () => {
      const { transport, port } = await openThroughProxy({});
      expect(await transport.post(post(port))).toMatchObject({ status: 201 });
      proxy.freeze();
      expect(await transport.post(post(port, '/push', 200))).toEqual(timedOut);
      proxy.heal();
      expect(await transport.post(post(port, '/push', 2_000))).toMatchObject({ status: 201 });
    });
  });
});

describe('close', () => {
  test('waits for the answers that are out, takes no more, and ends every connection', async () => {
    const service = await startHttp2((stream) => setTimeout(() => accept(stream), 200));
    const transport = open(service.port);
    const out = transport.post(post(service.port));
    await until(() => service.requests === 1, 'the request has come');
    const closed = transport.close(5_000);
    expect(await transport.post(post(service.port))).toEqual({ kind: 'failure', failure: 'aborted' });
    expect(await out).toMatchObject({ status: 201 });
    await closed;
    await until(() => service.sessions.every((session) => session.destroyed), 'the sessions end');
    expect(service.requests).toBe(1);
  });

  test('aborts what has no answer in time', async () => {
    const service = await startHttp2(() => undefined);
    const transport = open(service.port);
    const out = transport.post(post(service.port));
    await until(() => service.requests === 1, 'the request has come');
    const startedAt = Date.now();
    await transport.close(100);
    expect(await out).toEqual({ kind: 'failure', failure: 'aborted' });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  test('while connecting gives the connection up', async () => {
    const server = createTcpServer();
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket.resume()));
    const port = await listen(server);
    const transport = open(port);
    const out = transport.post(post(port));
    await until(() => sockets.length === 1, 'the connection is begun');
    await transport.close(0);
    expect(await out).toEqual({ kind: 'failure', failure: 'aborted' });
    await until(() => sockets[0]?.destroyed, 'the connection ends');
  });
});
