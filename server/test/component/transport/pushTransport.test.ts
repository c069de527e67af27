import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { maxTtlSeconds } from '../../../src/model/maxTtl';
import {
  accept,
  certificate,
  failureNamed,
  listen,
  openTransport,
  postTo,
  startHttp2,
} from '../../support/servers/pushPeers';
import { until } from '../../support/until';

/** What goes out to a push service and what comes back, over HTTP/2 and HTTP/1.1. */

const body = postTo(0).body;
const reset = failureNamed('reset');
const timedOut = failureNamed('timeout');

describe('over HTTP/2', () => {
  test('a post arrives whole, and the answer comes back with the kept headers only', async () => {
    let seen: IncomingHttpHeaders = {};
    const received: Buffer[] = [];
    const { port } = await startHttp2((stream, headers) => {
      seen = headers;
      stream.on('data', (chunk: Buffer) => received.push(chunk)).on('end', () => accept(stream));
    });
    const answer = await openTransport(port).post(postTo(port, { path: '/push/1?token=a%2fb' }));
    expect(answer).toEqual({ kind: 'response', status: 201, headers: { 'retry-after': '5' }, body: '' });
    expect(Buffer.concat(received)).toEqual(body);
    expect(seen).toMatchObject({
      ':method': 'POST',
      ':scheme': 'https',
      ':path': '/push/1?token=a%2fb',
      ':authority': `localhost:${port}`,
      ttl: String(maxTtlSeconds),
      urgency: 'normal',
      topic: 'abc',
      authorization: 'vapid t=x, k=y',
      'content-length': String(body.length),
    });
  });

  test('many posts share one connection, answered in any order', async () => {
    const paths = Array.from({ length: 200 }, (_, i) => `/push/${i}`);
    const asked: { stream: ServerHttp2Stream; path: string | undefined }[] = [];
    const service = await startHttp2((stream, headers) => {
      asked.push({ stream, path: headers[':path'] });
      if (asked.length < paths.length) return;
      for (const each of asked.reverse()) {
        each.stream.respond({ ':status': 400 });
        each.stream.end(each.path);
      }
    });
    const transport = openTransport(service.port);
    const answers = await Promise.all(paths.map((path) => transport.post(postTo(service.port, { path }))));
    expect(answers.map((answer) => answer.kind === 'response' && answer.body)).toEqual(paths);
    expect(service.sessions.length).toBe(1);
    expect(transport.stats).toEqual({ inFlight: 0, connections: 1, posts: 200, resent: 0 });
  });

  test('never more streams than the peer allows, on never more connections than we allow', async () => {
    const unanswered: ServerHttp2Stream[] = [];
    const service = await startHttp2((stream) => unanswered.push(stream), { maxConcurrentStreams: 10 });
    const transport = openTransport(service.port, { maxConnections: 2 });
    const answers = Promise.all(Array.from({ length: 150 }, () => transport.post(postTo(service.port))));
    for (let left = 150; left > 0; left -= 20) {
      const wave = Math.min(left, 20);
      await until(() => unanswered.length >= wave, 'every stream that is allowed');
      expect(unanswered.length).toBe(wave);
      for (const stream of unanswered.splice(0)) accept(stream);
    }
    for (const answer of await answers) expect(answer).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(2);
    expect(service.requests).toBe(150);
    expect(transport.stats.resent).toBe(0);
  });

  test('a late answer is waited for and delays no other', async () => {
    let late: ServerHttp2Stream | undefined;
    const { port } = await startHttp2((stream, headers) => {
      if (headers[':path'] === '/late') late = stream;
      else accept(stream);
    });
    const transport = openTransport(port);
    const out = transport.post(postTo(port, { path: '/late', timeoutMs: 60_000 }));
    const others = await Promise.all(Array.from({ length: 50 }, () => transport.post(postTo(port))));
    for (const answer of others) expect(answer).toMatchObject({ status: 201 });
    accept(await until(() => late, 'the first request'));
    expect(await out).toMatchObject({ status: 201 });
  });

  test('a redirect is an answer and is not followed', async () => {
    const service = await startHttp2((stream) => {
      stream.respond({ ':status': 307, location: '/elsewhere' }, { endStream: true });
    });
    expect(await openTransport(service.port).post(postTo(service.port))).toMatchObject({ status: 307 });
    expect(service.requests).toBe(1);
  });
});

describe('over HTTP/1.1', () => {
  test('a push service that speaks nothing else, on kept connections', async () => {
    const requests: IncomingMessage[] = [];
    const sockets = new Set<Socket>();
    const server = createHttpsServer(certificate, (request, response) => {
      requests.push(request);
      sockets.add(request.socket);
      request.resume().on('end', () => response.writeHead(201, { 'retry-after': '5' }).end());
    });
    const { port } = await listen(server);
    const transport = openTransport(port, { maxHttp1Connections: 5 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => transport.post(postTo(port, { path: '/a?b=c' }))),
    );
    for (const answer of answers) {
      expect(answer).toEqual({ kind: 'response', status: 201, headers: { 'retry-after': '5' }, body: '' });
    }
    expect(sockets.size).toBe(5);
    expect(requests[0]).toMatchObject({ httpVersion: '1.1', method: 'POST', url: '/a?b=c' });
    expect(requests[0]?.headers).toMatchObject({
      host: `localhost:${port}`,
      ttl: String(maxTtlSeconds),
      'content-length': String(body.length),
    });
    expect(requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  test('plain http, where the operator allows it', async () => {
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(201).end());
    });
    const { port } = await listen(server);
    const transport = openTransport(port);
    expect(await transport.post(postTo(port, { scheme: 'http' }))).toMatchObject({ status: 201 });
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
      { kind: 'response', status: 302, headers: {}, body: '' },
    ],
  ])('%s', async (_name, fault, expected) => {
    let requests = 0;
    const server = createHttpServer((request, response) => {
      if (requests++ === 0) fault(response, request.socket);
      else response.writeHead(201).end();
    });
    const { port } = await listen(server);
    const transport = openTransport(port);
    const timeoutMs = expected === timedOut ? 500 : 20_000;
    expect(await transport.post(postTo(port, { timeoutMs, scheme: 'http' }))).toEqual(expected);
    expect(requests).toBe(1);
    expect(await transport.post(postTo(port, { scheme: 'http' }))).toMatchObject({ status: 201 });
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
    let mostBytes: number | undefined;
    const service = await startHttp2((stream) => {
      stream.on('close', () => {
        closed = true;
      });
      mostBytes = stream.session?.remoteSettings.initialWindowSize;
      stream.respond({ ':status': 500 });
      pour(stream);
    });
    const answer = await openTransport(service.port).post(postTo(service.port));
    expect(answer).toEqual({ kind: 'response', status: 500, headers: {}, body: 'x'.repeat(4096) });
    await until(() => closed, 'the stream is closed');
    // and fifty of which the head has not been read fit the window that all share
    expect(mostBytes).toBeLessThanOrEqual(65_535 / 50);
  });

  test.each([
    ['an end', (stream: ServerHttp2Stream) => stream.end(Buffer.alloc(70_000, 'x'))],
    ['none', (stream: ServerHttp2Stream) => pour(stream)],
  ])('of a success is not kept: with %s', async (_name, say) => {
    const service = await startHttp2((stream) => {
      stream.respond({ ':status': 201 });
      say(stream);
    });
    const transport = openTransport(service.port);
    for (let count = 0; count < 20; count += 1) {
      const answer = await transport.post(postTo(service.port, { timeoutMs: 60_000 }));
      expect(answer).toEqual({ kind: 'response', status: 201, headers: {}, body: '' });
    }
  });

  test('does not cost the posts that come after many like it', async () => {
    const service = await startHttp2((stream) => {
      stream.respond({ ':status': 201 });
      pour(stream);
    });
    const transport = openTransport(service.port);
    for (let burst = 0; burst < 8; burst += 1) {
      const posts = Array.from({ length: 200 }, () => transport.post(postTo(service.port)));
      for (const answer of await Promise.all(posts)) expect(answer).toMatchObject({ status: 201 });
    }
  });

  test.each([1_281, 1_282, 4_096, 4_097, 4_353, 5_000, 70_000])(
    'is none where one of %d bytes has an end',
    async (bytes) => {
      const service = await startHttp2((stream) => {
        stream.respond({ ':status': 500 });
        stream.end(Buffer.alloc(bytes, 'x'));
      });
      const transport = openTransport(service.port);
      for (let count = 0; count < 20; count += 1) {
        const answer = await transport.post(postTo(service.port, { timeoutMs: 60_000 }));
        const body = 'x'.repeat(Math.min(bytes, 4_096));
        expect(answer).toEqual({ kind: 'response', status: 500, headers: {}, body });
      }
    },
  );

  test('over HTTP/1.1 is cut at 4 KiB, and the connection with it', async () => {
    let closed = false;
    const server = createHttpsServer(certificate, (_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(500);
      pour(response);
    });
    const { port } = await listen(server);
    const answer = await openTransport(port).post(postTo(port));
    expect(answer).toEqual({ kind: 'response', status: 500, headers: {}, body: 'x'.repeat(4096) });
    await until(() => closed, 'the stream is closed');
  });
});
