import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { PushOrigin } from '../../../src/webPush/transport/pushOrigin';
import { stopClock } from '../../support/engines/stoppedClock';
import {
  accept,
  failureNamed,
  listen,
  openTransport,
  postTo,
  startHttp2,
} from '../../support/servers/pushPeers';
import { until } from '../../support/until';

/** Every post has its one answer in time: by its deadline, and when the transport is closed. */

const timedOut = failureNamed('timeout');
const aborted = failureNamed('aborted');

afterEach(() => jest.restoreAllMocks());

describe('a post is over by its deadline', () => {
  test('when no answer comes; the others are not touched', async () => {
    const service = await startHttp2((stream, headers) => {
      if (headers[':path'] !== '/stall') accept(stream);
    });
    const clock = stopClock();
    const transport = openTransport(service.port);
    const stalled = transport.post(postTo(service.port, { path: '/stall', timeoutMs: 300 }));
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    clock.pass(299);
    const sooner = transport.post(postTo(service.port, { path: '/stall', timeoutMs: 0 }));
    expect(await sooner).toEqual(timedOut);
    expect(transport.stats.inFlight).toBe(1);
    clock.pass(1);
    expect(await stalled).toEqual(timedOut);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBeLessThanOrEqual(2);
  });

  test('when the body never ends: the status counts', async () => {
    const { port } = await startHttp2((stream) => {
      stream.respond({ ':status': 410 });
      stream.write('gone');
    });
    const answer = await openTransport(port).post(postTo(port, { timeoutMs: 300 }));
    expect(answer).toEqual({ kind: 'response', status: 410, headers: {}, body: 'gone' });
  });

  test('when the handshake never ends', async () => {
    const { port } = await listen(createTcpServer());
    expect(await openTransport(port).post(postTo(port, { timeoutMs: 300 }))).toEqual(timedOut);
    stopClock();
    const impatient = openTransport(port, { connectTimeoutMs: 200 });
    expect(await impatient.post(postTo(port))).toEqual(timedOut);
  });

  test('while it waits for a free stream', async () => {
    const { port } = await startHttp2(() => undefined, { maxConcurrentStreams: 1 });
    const transport = openTransport(port, { maxConnections: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => transport.post(postTo(port, { timeoutMs: 300 }))));
    expect(answers).toEqual([timedOut, timedOut, timedOut]);
    expect(transport.stats.inFlight).toBe(0);
  });
});

describe('a post that has not left when its message is over', () => {
  const soon = () => ({ latestSendAt: Date.now() + 300, timeoutMs: 20_000 });

  test('is not sent when the connection comes later', async () => {
    const service = await startHttp2((stream) => accept(stream));
    const callers: Socket[] = [];
    const slow = await listen(createTcpServer((socket) => void callers.push(socket)));
    const transport = openTransport(slow.port);
    expect(await transport.post(postTo(slow.port, soon()))).toEqual(timedOut);
    const later = transport.post(postTo(slow.port));
    const caller = await until(() => callers[0], 'a connection');
    caller.pipe(connect(service.port, '127.0.0.1')).pipe(caller);
    expect(await later).toMatchObject({ status: 201 });
    expect(service.requests).toBe(1);
  });

  test('is not sent when a stream becomes free later', async () => {
    const streams: ServerHttp2Stream[] = [];
    const service = await startHttp2((stream) => void streams.push(stream), { maxConcurrentStreams: 1 });
    const transport = openTransport(service.port, { maxConnections: 1 });
    const first = transport.post(postTo(service.port));
    const open = await until(() => streams[0], 'the first request');
    expect(await transport.post(postTo(service.port, soon()))).toEqual(timedOut);
    accept(open);
    expect(await first).toMatchObject({ status: 201 });
    const third = transport.post(postTo(service.port));
    accept(await until(() => streams[1], 'the next request'));
    expect(await third).toMatchObject({ status: 201 });
    expect(service.requests).toBe(2);
  });

  test('is not sent when an HTTP/1.1 connection becomes free later', async () => {
    const answers: ServerResponse[] = [];
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => answers.push(response));
    });
    const { port } = await listen(server);
    const transport = openTransport(port, { maxHttp1Connections: 1 });
    const post = (given = {}) => transport.post(postTo(port, { scheme: 'http', ...given }));
    const first = post();
    const open = await until(() => answers[0], 'the first request');
    expect(await post(soon())).toEqual(timedOut);
    open.writeHead(201).end();
    expect(await first).toMatchObject({ status: 201 });
    const third = post();
    (await until(() => answers[1], 'the next request')).writeHead(201).end();
    expect(await third).toMatchObject({ status: 201 });
    expect(answers).toHaveLength(2);
  });

  test('is not sent over a connection that is there either', async () => {
    const service = await startHttp2(accept);
    const transport = openTransport(service.port);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(await transport.post(postTo(service.port, { latestSendAt: Date.now() }))).toEqual(timedOut);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(service.requests).toBe(2);
  });

  test('or that is not wanted any more is not sent either, over HTTP/2 and HTTP/1.1', async () => {
    const service = await startHttp2(accept);
    let asked = 0;
    const plain = await listen(createHttpServer((_request, response) => void response.end(`${++asked}`)));
    const mayLeave = () => false;
    const unwanted = openTransport(service.port).post(postTo(service.port, { mayLeave }));
    expect(await unwanted).toEqual(aborted);
    const overHttp1 = postTo(plain.port, { scheme: 'http', mayLeave });
    expect(await openTransport(plain.port).post(overHttp1)).toEqual(aborted);
    expect([service.requests, asked]).toEqual([0, 0]);
  });

  test('gets its answer when it has left in time', async () => {
    const streams: ServerHttp2Stream[] = [];
    const { port } = await startHttp2((stream) => void streams.push(stream));
    const transport = openTransport(port);
    const answer = transport.post(postTo(port, soon()));
    const open = await until(() => streams[0], 'the request');
    stopClock().pass(1_000);
    // what is over has been looked for once more
    expect(await transport.post(postTo(port, { timeoutMs: 0 }))).toEqual(timedOut);
    accept(open);
    expect(await answer).toMatchObject({ status: 201 });
  });
});

describe('a machine clock that is set while a post is under way', () => {
  test.each([3_600_000, -3_600_000])(
    'by %i ms ends neither the post nor its connection, and it is not sent again',
    async (byMs) => {
      const streams: ServerHttp2Stream[] = [];
      const service = await startHttp2((stream) => void streams.push(stream));
      const transport = openTransport(service.port);
      const inDays = { latestSendAt: Date.now() + 48 * 3_600_000 };
      const answer = transport.post(postTo(service.port, inDays));
      const first = await until(() => streams[0], 'the request');
      const wall = Date.now;
      jest.spyOn(Date, 'now').mockImplementation(() => wall() + byMs);
      const sweeps = jest.spyOn(PushOrigin.prototype, 'sweep');
      await until(() => sweeps.mock.calls.length > 1, 'what is over to be looked for');
      const second = transport.post(postTo(service.port, inDays));
      const later = await until(() => streams[1], 'the other request');
      for (const stream of [first, later]) accept(stream);
      expect(await Promise.all([answer, second])).toMatchObject([{ status: 201 }, { status: 201 }]);
      expect(service.sessions).toHaveLength(1);
      expect(transport.stats.resent).toBe(0);
    },
  );
});

describe('a post that waited carries the TTL that is left when it leaves', () => {
  const minute = () => ({ ttlEndsAt: Date.now() + 60_000, timeoutMs: 20_000 });

  test('for a connection', async () => {
    const ttls: unknown[] = [];
    const service = await startHttp2((stream, headers) => {
      ttls.push(headers.ttl);
      accept(stream);
    });
    const callers: Socket[] = [];
    const slow = await listen(createTcpServer((socket) => void callers.push(socket)));
    const clock = stopClock();
    const answer = openTransport(slow.port).post(postTo(slow.port, minute()));
    const caller = await until(() => callers[0], 'a connection');
    clock.pass(7_000);
    caller.pipe(connect(service.port, '127.0.0.1')).pipe(caller);
    expect(await answer).toMatchObject({ status: 201 });
    expect(ttls).toEqual(['53']);
  });

  test('for a free stream', async () => {
    const asked: [ServerHttp2Stream, unknown][] = [];
    const service = await startHttp2((stream, { ttl }) => void asked.push([stream, ttl]), {
      maxConcurrentStreams: 1,
    });
    const clock = stopClock();
    const transport = openTransport(service.port, { maxConnections: 1 });
    const answers = Promise.all([1, 2].map(() => transport.post(postTo(service.port, minute()))));
    const [first] = await until(() => asked[0], 'the first request');
    clock.pass(7_000);
    accept(first);
    accept((await until(() => asked[1], 'the next request'))[0]);
    await answers;
    expect(asked.map(([, ttl]) => ttl)).toEqual(['60', '53']);
  });

  test('for an HTTP/1.1 connection', async () => {
    const asked: [ServerResponse, unknown][] = [];
    const server = createHttpServer((request, response) => {
      request.resume().on('end', () => asked.push([response, request.headers.ttl]));
    });
    const { port } = await listen(server);
    const clock = stopClock();
    const transport = openTransport(port, { maxHttp1Connections: 1 });
    const post = () => transport.post(postTo(port, { scheme: 'http', ...minute() }));
    const answers = Promise.all([post(), post()]);
    const [first] = await until(() => asked[0], 'the first request');
    clock.pass(7_000);
    first.writeHead(201).end();
    (await until(() => asked[1], 'the next request'))[0].writeHead(201).end();
    await answers;
    expect(asked.map(([, ttl]) => ttl)).toEqual(['60', '53']);
  });
});

describe('close', () => {
  test('waits for the answers that are out, takes no more, and ends every connection', async () => {
    let asked: ServerHttp2Stream | undefined;
    const service = await startHttp2((stream) => {
      asked = stream;
    });
    const transport = openTransport(service.port);
    const out = transport.post(postTo(service.port));
    const request = await until(() => asked, 'the request has come');
    const closed = transport.close(60_000);
    expect(await transport.post(postTo(service.port))).toEqual(aborted);
    expect(transport.stats).toMatchObject({ inFlight: 1, connections: 1 });
    accept(request);
    expect(await out).toMatchObject({ status: 201 });
    await closed;
    await until(() => service.sessions.every((session) => session.destroyed), 'the sessions end');
    expect(service.requests).toBe(1);
  });

  test('aborts what has no answer in time', async () => {
    const service = await startHttp2(() => undefined);
    const transport = openTransport(service.port);
    const out = transport.post(postTo(service.port));
    await until(() => service.requests === 1, 'the request has come');
    await transport.close(100);
    expect(await out).toEqual(aborted);
  });

  test('while connecting gives the connection up', async () => {
    const server = createTcpServer();
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket.resume()));
    const { port } = await listen(server);
    const transport = openTransport(port);
    const out = transport.post(postTo(port));
    await until(() => sockets.length === 1, 'the connection is begun');
    await transport.close(0);
    expect(await out).toEqual(aborted);
    await until(() => sockets[0]?.destroyed, 'the connection ends');
  });
});
