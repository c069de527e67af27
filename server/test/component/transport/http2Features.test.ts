import { createSecureServer, type IncomingHttpHeaders, sensitiveHeaders } from 'node:http2';
import fc from 'fast-check';
import { urgencies } from '../../../src/model/urgency';
import { pushHeaders } from '../../../src/webPush/pushRequest';
import { stopClock } from '../../support/engines/stoppedClock';
import {
  block,
  created,
  frame,
  goaway,
  rstStream,
  settings,
  windowUpdate,
} from '../../support/servers/http2Bytes';
import { certificate, listen, openTransport, postTo, startRawPeer } from '../../support/servers/pushPeers';
import type { RawPeer } from '../../support/servers/rawHttp2Server';
import { until } from '../../support/until';

/** The HTTP/2 client meets peers that use all of the protocol, which no HTTP/2 library does. */

/** SETTINGS with the flag ACK. */
const isAck = ({ type, flags }: { type: number; flags: number }): boolean => type === 4 && flags === 1;

describe('all of the protocol is spoken', () => {
  const answered = { kind: 'response', status: 400, headers: { 'retry-after': '5' }, body: 'ok' };
  const head = block([':status', '400'], ['retry-after', '5']);
  const whole = Buffer.concat([frame(1, 4, 1, head), frame(0, 1, 1, '6f6b')]);

  test.each<[string, Buffer]>([
    ['as it is usual', whole],
    [
      'padding',
      Buffer.concat([
        frame(1, 12, 1, Buffer.concat([Buffer.from([3]), head, Buffer.alloc(3)])),
        frame(0, 9, 1, '02 6f6b 0000'),
      ]),
    ],
    [
      'nothing but padding',
      Buffer.concat([frame(1, 4, 1, head), frame(0, 8, 1, '03 000000'), frame(0, 1, 1, '6f6b')]),
    ],
    [
      'a priority',
      Buffer.concat([
        frame(1, 0x24, 1, Buffer.concat([Buffer.from('0000000010', 'hex'), head])),
        frame(0, 1, 1, '6f6b'),
      ]),
    ],
    [
      'CONTINUATION, in pieces of a byte',
      Buffer.concat([
        frame(1, 0, 1, head.subarray(0, 1)),
        ...[...head.subarray(1)].map((byte) => frame(9, 0, 1, Buffer.from([byte]))),
        frame(9, 4, 1),
        frame(0, 1, 1, '6f6b'),
      ]),
    ],
    [
      'interim answers',
      Buffer.concat([
        frame(1, 4, 1, block([':status', '100'])),
        frame(1, 4, 1, block([':status', '103'], ['link', 'x'])),
        whole,
      ]),
    ],
    [
      'trailers',
      Buffer.concat([
        frame(1, 4, 1, head),
        frame(0, 0, 1, '6f6b'),
        frame(1, 5, 1, block(['x-trailer', 'y'])),
      ]),
    ],
    ['Huffman coding', Buffer.concat([frame(1, 4, 1, '088268000f26816f'), frame(0, 1, 1, '6f6b')])],
    [
      'frames of other protocols',
      Buffer.concat([
        frame(10, 0, 1, 'ff'),
        frame(12, 0, 0, 'ff'),
        frame(99, 0xff, 1, 'ff'),
        frame(2, 0, 1, '0000000010'),
        whole,
      ]),
    ],
    ['an answer, then RST_STREAM', Buffer.concat([whole, rstStream(1, 0)])],
    [
      'an answer, then more of it',
      Buffer.concat([whole, frame(0, 1, 1, '6f6b'), created(1), windowUpdate(1, 5)]),
    ],
    ['an answer, then GOAWAY', Buffer.concat([whole, goaway(1, 0)])],
  ])('%s', async (_name, bytes) => {
    const server = await startRawPeer(({ socket }) => void socket.write(bytes));
    expect(await openTransport(server.port).post(postTo(server.port))).toEqual(answered);
  });

  test('every SETTINGS is acknowledged, every PING answered', async () => {
    const server = await startRawPeer(({ socket }) => {
      socket.write(Buffer.concat([settings([3, 10]), frame(6, 0, 0, '0102030405060708'), created(1)]));
    });
    expect(await openTransport(server.port).post(postTo(server.port))).toMatchObject({ status: 201 });
    const frames = () => server.peers[0]?.frames ?? [];
    await until(() => frames().filter(isAck).length === 2, 'two ACKs');
    expect(frames()).toContainEqual(
      expect.objectContaining({ type: 6, flags: 1, payload: Buffer.from('0102030405060708', 'hex') }),
    );
  });

  test('a body waits for windows of a byte', async () => {
    const body = Buffer.alloc(300, 'x');
    const sent = (peer: RawPeer) =>
      Buffer.concat(peer.frames.flatMap(({ type, payload }) => (type === 0 ? payload : [])));
    const server = await startRawPeer(
      async (peer) => {
        for (let left = body.length; left > 0; left--) peer.socket.write(windowUpdate(1, 1));
        await until(() => sent(peer).length === body.length, 'the whole body has come');
        peer.socket.write(created(1));
      },
      ({ socket }) => void socket.write(settings([4, 0])),
    );
    expect(await openTransport(server.port).post(postTo(server.port, { body }))).toMatchObject({
      status: 201,
    });
    expect(sent(server.peers[0] as RawPeer)).toEqual(body);
  });

  test('no stream at all is allowed: the posts wait until one is', async () => {
    const server = await startRawPeer(
      ({ socket }, { streamId }) => void socket.write(created(streamId)),
      ({ socket }) => void socket.write(settings([3, 0])),
    );
    const transport = openTransport(server.port, { maxConnections: 1 });
    const answers = Promise.all([1, 2, 3].map(() => transport.post(postTo(server.port))));
    const peer = await until(
      () => server.peers.find(({ frames }) => frames.some(isAck)),
      'the SETTINGS are read',
    );
    expect(peer.frames.filter(({ type }) => type === 1)).toEqual([]);
    peer.socket.write(settings([3, 1]));
    for (const answer of await answers) expect(answer).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(1);
  });

  test('a peer that reads nothing is written no more than a backlog', async () => {
    const server = await startRawPeer(
      ({ socket }) => void socket.pause(),
      ({ socket }) => void socket.write(Buffer.concat([settings([4, 1_000_000]), windowUpdate(0, 2 ** 30)])),
    );
    const transport = openTransport(server.port, {
      maxConnections: 1,
      maxStreams: 5_000,
      pingTimeoutMs: 300,
    });
    const body = Buffer.alloc(4_096);
    const answers = Array.from({ length: 4_000 }, () =>
      transport.post(postTo(server.port, { body, timeoutMs: 1_500 })),
    );
    for (const answer of await Promise.all(answers)) expect(answer.kind).toBe('failure');
    await until(() => transport.stats.connections === 0, 'the connection is given up');
  });
});

afterEach(() => jest.restoreAllMocks());

test('any fields arrive as they were sent, whatever table the peer allows', async () => {
  const token = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/);
  stopClock();
  const message = fc.record({
    path: fc.stringMatching(/^\/[a-zA-Z0-9/_?=&%.:-]{0,80}$/),
    pushService: fc.constantFrom('fcm', 'wns'),
    urgency: fc.constantFrom(...urgencies),
    authorization: token,
    topic: fc.option(token, { nil: undefined }),
    ttlEndsAt: fc.nat({ max: 100 }).map((seconds) => Date.now() + seconds * 1000),
    body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  });
  for (const headerTableSize of [4096, 0, 300]) {
    const seen = new Map<string | undefined, { headers: IncomingHttpHeaders; body: Buffer }>();
    const server = createSecureServer({ ...certificate, settings: { headerTableSize } });
    server.on('stream', async (stream, headers) => {
      const body: Buffer[] = await stream.toArray();
      seen.set(headers[':path'], { headers: { ...headers }, body: Buffer.concat(body) });
      stream.respond({ ':status': 201 }, { endStream: true });
    });
    const { port } = await listen(server);
    const transport = openTransport(port);
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
        seen.clear();
        const posts = messages.map((each, i) => ({ ...each, path: `${each.path}#${i}` }));
        await Promise.all(posts.map((each) => transport.post({ ...postTo(port), ...each })));
        for (const post of posts) {
          const { path, body } = post;
          expect(seen.get(path)).toEqual({
            headers: {
              ...Object.fromEntries(
                Object.entries(pushHeaders(post, Date.now())).filter(([, value]) => value !== undefined),
              ),
              ':method': 'POST',
              ':scheme': 'https',
              ':authority': `localhost:${port}`,
              ':path': path,
              'content-length': String(body.length),
              // Never to be indexed, here or further on: it is a capability.
              [sensitiveHeaders]: [':path'],
            },
            body,
          });
        }
      }),
      { numRuns: 60 },
    );
    await transport.close(0);
  }
});
