import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { stopClock } from '../../support/engines/stoppedClock';
import { accept, failureNamed, openTransport, postTo, startHttp2 } from '../../support/servers/pushPeers';
import { until } from '../../support/until';

/** When a post may be sent again without the chance of a second message, and when it may not. */

const reset = failureNamed('reset');
const refused = failureNamed('refused');

afterEach(() => jest.restoreAllMocks());

/** A push service that ends each connection by its first post, which it takes and does not answer. */
async function takingOneEach() {
  const taken = new Map<ServerHttp2Stream['session'], ServerHttp2Stream>();
  const service = await startHttp2((stream) => {
    if (taken.has(stream.session)) return;
    taken.set(stream.session, stream);
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
  });
  return { service, taken };
}

describe('what surely was not taken is sent again', () => {
  test('a stream refused once', async () => {
    const service = await startHttp2((stream, _headers, seen) => {
      if (seen === 0) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else accept(stream);
    });
    const transport = openTransport(service.port);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(transport.stats.resent).toBe(1);
  });

  test('but not for ever', async () => {
    const service = await startHttp2((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    expect(await openTransport(service.port).post(postTo(service.port))).toEqual(refused);
    expect(service.requests).toBe(4);
  });

  test.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['a stream refused', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    [
      'a stream beyond the last one of a GOAWAY',
      (stream) => stream.session?.goaway(0, Number(stream.id) - 2),
    ],
  ])('but not after its time: %s', async (_name, giveBack) => {
    let late: ServerHttp2Stream | undefined;
    const service = await startHttp2((stream, headers) => {
      if (headers[':path'] === '/late') late = stream;
      else accept(stream);
    });
    const clock = stopClock();
    const transport = openTransport(service.port);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    const inTime = { latestSendAt: Date.now() + 300, timeoutMs: 60_000 };
    const answer = transport.post(postTo(service.port, { path: '/late', ...inTime }));
    const taken = await until(() => late, 'the request');
    clock.pass(500);
    giveBack(taken);
    expect(await answer).toEqual(refused);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
    expect(service.requests).toBe(3);
    expect(transport.stats.resent).toBe(0);
  });

  test.each([
    ['graceful', constants.NGHTTP2_NO_ERROR],
    ['with an error', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('streams beyond the last one of a GOAWAY, %s', async (_name, code) => {
    const paths = Array.from({ length: 10 }, (_, i) => `/push/${i}`);
    const taken: string[] = [];
    let first: ServerHttp2Stream | undefined;
    const service = await startHttp2((stream, headers) => {
      if (first && stream.session === service.sessions[0]) {
        stream.close(constants.NGHTTP2_CANCEL);
        return;
      }
      taken.push(headers[':path'] ?? '');
      if (first) accept(stream);
      // Takes the first stream, and says so while nine more are on their way.
      else stream.session?.goaway(code, stream.id);
      first ??= stream;
      if (taken.length === paths.length && code === constants.NGHTTP2_NO_ERROR) accept(first);
    });
    const transport = openTransport(service.port);
    const answers = await Promise.all(paths.map((path) => transport.post(postTo(service.port, { path }))));
    expect(answers[0]).toMatchObject(code === constants.NGHTTP2_NO_ERROR ? { status: 201 } : reset);
    for (const answer of answers.slice(1)) expect(answer).toMatchObject({ status: 201 });
    expect(taken.sort()).toEqual(paths);
    expect(service.sessions.length).toBe(2);
  });

  test('on a later connection, when those before were ended at once; without a storm of them', async () => {
    const service = await startHttp2(accept);
    service.server.on('session', (session) => {
      if (service.sessions.length <= 2) session.goaway();
    });
    const connects = jest.spyOn(ConnectGuard.prototype, 'lookupFor');
    const clock = stopClock();
    const transport = openTransport(service.port);
    const lasting = { timeoutMs: 60_000 };
    const answers = Promise.all([1, 2, 3].map(() => transport.post(postTo(service.port, lasting))));
    for (const connection of [1, 2]) {
      await until(() => transport.stats.resent === 3 * connection, 'the posts are given back');
      const short = transport.post(postTo(service.port, { timeoutMs: 500 }));
      clock.pass(999);
      // once that is found to be late, it has been looked whether the others may connect
      expect(await short).toEqual(failureNamed('timeout'));
      expect(connects).toHaveBeenCalledTimes(connection);
      clock.pass(1);
    }
    for (const answer of await answers) expect(answer).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(3);
  });

  test('on a further connection at once, though those before have not answered what they took', async () => {
    const { service, taken } = await takingOneEach();
    stopClock();
    const transport = openTransport(service.port);
    const lasting = { timeoutMs: 60_000 };
    const answers = Promise.all([1, 2, 3].map(() => transport.post(postTo(service.port, lasting))));
    await until(() => taken.size === 3, 'a connection for each post');
    for (const stream of taken.values()) accept(stream);
    for (const answer of await answers) expect(answer).toMatchObject({ status: 201 });
    expect(service.sessions.length).toBe(3);
  });

  test('but on no more connections than so many that are ended and do not answer', async () => {
    const { service, taken } = await takingOneEach();
    const transport = openTransport(service.port, { maxConnections: 1 });
    const answers = Array.from({ length: 9 }, () =>
      transport.post(postTo(service.port, { timeoutMs: 60_000 })),
    );
    await until(() => taken.size === 8, 'eight connections');
    // once that is found to be late, it has been looked whether the ninth may connect
    expect(await transport.post(postTo(service.port, { timeoutMs: 500 }))).toEqual(failureNamed('timeout'));
    expect(service.sessions.length).toBe(8);
    for (const stream of taken.values()) accept(stream);
    await until(() => taken.size === 9, 'the ninth connection');
    for (const stream of taken.values()) if (!stream.closed) accept(stream);
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 201 });
  });

  test.each([
    ['', 0],
    [', after one that took hundreds', 300],
  ])('on as many connections as it takes when each takes twenty%s', async (_name, takenBefore) => {
    const paths = Array.from({ length: 400 }, (_, i) => `/push/${i}`);
    const taken: string[] = [];
    const seenOn = new Map<ServerHttp2Stream['session'], number>();
    let mayEnd = takenBefore === 0;
    const service = await startHttp2((stream, headers) => {
      const seen = (seenOn.get(stream.session) ?? 0) + 1;
      if (mayEnd) seenOn.set(stream.session, seen);
      if (seen > 20) stream.close(constants.NGHTTP2_CANCEL);
      else {
        taken.push(headers[':path'] ?? '');
        accept(stream);
      }
      if (seen === 20) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
    });
    const transport = openTransport(service.port, { maxConnections: 1 });
    const lasting = { timeoutMs: 60_000 };
    const post = (path: string) => transport.post(postTo(service.port, { path, ...lasting }));
    for (let count = 0; count < takenBefore; count += 1) await post('/push/before');
    mayEnd = true;
    taken.length = 0;
    for (const answer of await Promise.all(paths.map(post))) expect(answer).toMatchObject({ status: 201 });
    expect(taken.sort()).toEqual(paths.sort());
    // a few connections are given all that they can hold, until what they take is known
    expect(transport.stats.resent).toBeLessThan(3 * 230 + 20);
  });

  test('over HTTP/1.1 when the push service asks for that', async () => {
    const service = await startHttp2((stream) => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED));
    service.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.httpVersion === '1.1') response.writeHead(201).end();
    });
    expect(await openTransport(service.port).post(postTo(service.port))).toMatchObject({ status: 201 });
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
    const transport = openTransport(service.port);
    expect(await transport.post(postTo(service.port))).toEqual(reset);
    expect(service.requests).toBe(1);
    expect(await transport.post(postTo(service.port))).toMatchObject({ status: 201 });
  });
});
