import { once } from 'node:events';
import { createSecureServer, type IncomingHttpHeaders, sensitiveHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { PushPost } from '../../src/delivery/pushPost';
import { openPushTransport, type PushTransport } from '../../src/delivery/pushTransport';
import type { PushTransportOptions } from '../../src/delivery/pushTransportOptions';
import { ConnectGuard } from '../../src/egress/guardedLookup';
import { parsePushHosts } from '../../src/egress/pushHostPolicy';
import {
  block,
  created,
  frame,
  goaway,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../support/http2Bytes';
import { type RawHttp2Server, type RawPeer, startRawHttp2 } from '../support/rawHttp2Server';
import { createTestCertificate } from '../support/testCertificate';
import { until } from '../support/until';

/**
 * What the HTTP/2 client makes of peers that no HTTP/2 library would be: those that break the protocol, and those
 * that use all of it.
 */
const certificate = createTestCertificate('localhost');

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(...parts: Parameters<typeof startRawHttp2> extends [unknown, ...infer P] ? P : never) {
  const server = await startRawHttp2(certificate, ...parts);
  cleanups.push(() => server.close());
  return server;
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

function post(port: number, body = Buffer.from('an encrypted body'), timeoutMs = 5_000): PushPost {
  const headers = { ttl: '60', urgency: 'normal', authorization: 'vapid t=x, k=y' } as const;
  return { origin: `https://localhost:${port}`, path: '/push/1', headers, body, timeoutMs };
}

/** Ends one connection only: the next post finds a peer of good manners. */
function firstTime(fault: (peer: RawPeer) => void) {
  let seen = 0;
  return (peer: RawPeer, { streamId }: { streamId: number }): void => {
    if (seen++ === 0) fault(peer);
    else peer.socket.write(created(streamId));
  };
}

const failure = (name: string) => ({ kind: 'failure', failure: name });
const protocol = failure('protocol');

async function expectGoodbye(server: RawHttp2Server, transport: PushTransport, code: number): Promise<void> {
  const [peer] = server.peers;
  await until(() => peer?.isClosed, 'the connection is closed');
  const goodbye = peer?.frames.at(-1);
  expect(goodbye).toMatchObject({ type: 7, streamId: 0 });
  expect(goodbye?.payload.readUInt32BE(4)).toBe(code);
  await until(() => transport.stats.connections === 0, 'the connection is given up');
  expect(transport.stats.inFlight).toBe(0);
}

const status200 = '88';
const [protocolError, flowControlError, frameSizeError, compressionError, enhanceYourCalm] = [1, 3, 6, 9, 11];

describe('what breaks the protocol ends the connection with a GOAWAY, and the post with it', () => {
  test.each<[string, Buffer, number]>([
    ['a frame that is too long', frame(0, 0, 1, Buffer.alloc(16_385)), frameSizeError],
    ['SETTINGS of a length that is none', frame(4, 0, 0, '0003'), frameSizeError],
    ['SETTINGS of a stream', frame(4, 0, 1), protocolError],
    ['SETTINGS acknowledged with a payload', frame(4, 1, 0, '000300000001'), frameSizeError],
    ['SETTINGS that turn pushes on', settings([2, 1]), protocolError],
    ['SETTINGS with a window that is too large', settings([4, 2 ** 31]), flowControlError],
    ['SETTINGS with frames too short', settings([5, 16_383]), protocolError],
    ['SETTINGS with frames too long', settings([5, 2 ** 24]), protocolError],
    ['SETTINGS that never end', settings(...Array(33).fill([3, 1])), enhanceYourCalm],
    ['a promise', frame(5, 4, 1, '00000002 82'), protocolError],
    ['HEADERS of no stream', frame(1, 5, 0, status200), protocolError],
    ['HEADERS of a stream nobody opened', frame(1, 5, 3, status200), protocolError],
    ['HEADERS of a stream of theirs', frame(1, 5, 2, status200), protocolError],
    ['HEADERS with more padding than frame', frame(1, 13, 1, '05 88'), protocolError],
    ['HEADERS without the padding they announce', frame(1, 13, 1), frameSizeError],
    ['HEADERS without the priority they announce', frame(1, 0x25, 1, '00000000'), frameSizeError],
    ['a broken header block', frame(1, 5, 1, 'be'), compressionError],
    ['a CONTINUATION of nothing', frame(9, 4, 1, status200), protocolError],
    [
      'a header block interrupted',
      Buffer.concat([frame(1, 0, 1, '88'), frame(6, 0, 0, '00'.repeat(8))]),
      protocolError,
    ],
    [
      'a header block continued elsewhere',
      Buffer.concat([frame(1, 0, 1, '88'), frame(9, 4, 3)]),
      protocolError,
    ],
    [
      'a header block without end',
      Buffer.concat([frame(1, 0, 1), ...Array(3).fill(frame(9, 0, 1, Buffer.alloc(16_384, 0x88)))]),
      enhanceYourCalm,
    ],
    [
      'CONTINUATIONs of nothing without end',
      Buffer.concat([frame(1, 0, 1), ...Array(10_001).fill(frame(9, 0, 1))]),
      enhanceYourCalm,
    ],
    [
      'a header block that unpacks without end',
      frame(
        1,
        5,
        1,
        Buffer.concat([
          Buffer.from('88400161 7f8107'.replace(' ', ''), 'hex'),
          Buffer.alloc(1024, 'b'),
          Buffer.alloc(15_000, 0xbe),
        ]),
      ),
      enhanceYourCalm,
    ],
    ['DATA of no stream', frame(0, 0, 0, '00'), protocolError],
    ['DATA of a stream nobody opened', frame(0, 0, 5, '00'), protocolError],
    ['DATA with more padding than frame', frame(0, 8, 1, '02 00'), protocolError],
    ['a WINDOW_UPDATE of a wrong length', frame(8, 0, 0, '000001'), frameSizeError],
    ['a WINDOW_UPDATE of nothing', windowUpdate(0, 0), protocolError],
    ['a WINDOW_UPDATE that overflows', windowUpdate(0, 2 ** 31 - 1), flowControlError],
    ['a WINDOW_UPDATE of a stream nobody opened', windowUpdate(3, 1), protocolError],
    ['a RST_STREAM of a wrong length', frame(3, 0, 1, '00'), frameSizeError],
    ['a RST_STREAM of no stream', rstStream(0, 0), protocolError],
    ['a RST_STREAM of a stream nobody opened', rstStream(3, 0), protocolError],
    ['a PING of a wrong length', frame(6, 0, 0, '00'), frameSizeError],
    ['a PING of a stream', frame(6, 0, 1, '00'.repeat(8)), protocolError],
    ['a GOAWAY of a wrong length', frame(7, 0, 0, '00000000'), frameSizeError],
    ['a GOAWAY of a stream', frame(7, 0, 1, '00'.repeat(8)), protocolError],
    ['a PRIORITY of a wrong length', frame(2, 0, 1, '00'), frameSizeError],
    ['a PRIORITY of no stream', frame(2, 0, 0, '00'.repeat(5)), protocolError],
    ['PINGs without end', Buffer.concat(Array(10_001).fill(frame(6, 0, 0, '00'.repeat(8)))), enhanceYourCalm],
    ['SETTINGS without end', Buffer.concat(Array(10_001).fill(settings([3, 100]))), enhanceYourCalm],
    [
      'interim answers without end',
      Buffer.concat(Array(10_001).fill(frame(1, 4, 1, block([':status', '103'])))),
      enhanceYourCalm,
    ],
    ['unknown frames without end', Buffer.concat(Array(10_001).fill(frame(99, 0, 0))), enhanceYourCalm],
  ])('%s', async (_name, bytes, code) => {
    const server = await start(firstTime(({ socket }) => void socket.write(bytes)));
    const transport = open(server.port);
    expect(await transport.post(post(server.port))).toEqual(protocol);
    await expectGoodbye(server, transport, code);
  });

  test('the next post finds another connection', async () => {
    const server = await start(firstTime(({ socket }) => void socket.write(windowUpdate(0, 0))));
    const transport = open(server.port);
    expect(await transport.post(post(server.port))).toEqual(protocol);
    expect(await transport.post(post(server.port))).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(2);
  });

  test('more DATA than the window allows', async () => {
    const pieces = Array(5).fill(frame(0, 0, 1, Buffer.alloc(16_384)));
    const server = await start(
      firstTime(({ socket }) => void socket.write(Buffer.concat([frame(1, 4, 1, status200), ...pieces]))),
    );
    const transport = open(server.port);
    expect(await transport.post(post(server.port))).toMatchObject({ status: 200 });
  });
});

describe('before the first post', () => {
  test.each<[string, Buffer]>([
    ['a frame that is no SETTINGS', frame(6, 0, 0, '00'.repeat(8))],
    ['SETTINGS acknowledged first', settingsAck],
    ['HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['noise', Buffer.alloc(100, 0xa5)],
  ])('%s', async (_name, bytes) => {
    const server = await start(
      () => undefined,
      ({ socket }) => void socket.write(bytes),
    );
    const transport = open(server.port);
    expect(await transport.post(post(server.port))).toEqual(protocol);
    await until(() => server.peers[0]?.isClosed, 'the connection is closed');
    expect(transport.stats).toMatchObject({ inFlight: 0, connections: 0 });
  });

  test('silence: the time to connect counts', async () => {
    const server = await start(
      () => undefined,
      () => undefined,
    );
    const transport = open(server.port, { connectTimeoutMs: 200 });
    expect(await transport.post(post(server.port))).toEqual(failure('timeout'));
    await until(() => server.peers[0]?.isClosed, 'the connection is closed');
  });

  test('the end', async () => {
    const server = await start(
      () => undefined,
      ({ socket }) => void socket.end(),
    );
    expect(await open(server.port).post(post(server.port))).toEqual(failure('refused'));
  });
});

describe('what is wrong with one answer ends that post only', () => {
  const literal = (name: string, value: string) => block([':status', '201'], [name, value]);

  test.each<[string, Buffer]>([
    ['no status', frame(1, 5, 1, block(['location', '/m']))],
    ['two', frame(1, 5, 1, '88 88')],
    ['a status that is no number', frame(1, 5, 1, block([':status', '2e2']))],
    ['a status of two digits', frame(1, 5, 1, block([':status', '20']))],
    ['a pseudo-header of requests', frame(1, 5, 1, literal(':path', '/'))],
    ['a pseudo-header behind a header', frame(1, 5, 1, block(['ttl', '1'], [':status', '201']))],
    ['upper case in a name', frame(1, 5, 1, literal('Location', '/m'))],
    ['a line break in a value', frame(1, 5, 1, literal('location', '/m\r\nx: y'))],
    ['an interim answer that ends', frame(1, 5, 1, block([':status', '103']))],
    ['a body before the head', frame(0, 1, 1, '61')],
    ['a WINDOW_UPDATE of nothing', windowUpdate(1, 0)],
    ['a WINDOW_UPDATE that overflows', windowUpdate(1, 2 ** 31 - 1)],
  ])('%s', async (_name, bytes) => {
    const server = await start(firstTime(({ socket }) => void socket.write(bytes)));
    const transport = open(server.port);
    expect(await transport.post(post(server.port))).toEqual(protocol);
    expect(await transport.post(post(server.port))).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(1);
    expect(server.peers[0]?.frames).toContainEqual(expect.objectContaining({ type: 3, streamId: 1 }));
  });

  test('trailers that do not end it: the status counts', async () => {
    const server = await start(({ socket }) => {
      socket.write(Buffer.concat([frame(1, 4, 1, status200), frame(1, 4, 1, block(['x', 'y']))]));
    });
    expect(await open(server.port).post(post(server.port))).toMatchObject({ kind: 'response', status: 200 });
  });
});

describe('all of the protocol is spoken', () => {
  const answered = { kind: 'response', status: 201, headers: { location: '/m/1' }, body: 'ok' };
  const head = block([':status', '201'], ['location', '/m/1']);
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
    ['Huffman coding', Buffer.concat([frame(1, 4, 1, '088210030f1f83629603'), frame(0, 1, 1, '6f6b')])],
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
    const server = await start(({ socket }) => void socket.write(bytes));
    expect(await open(server.port).post(post(server.port))).toEqual(answered);
  });

  test('every SETTINGS is acknowledged, every PING answered', async () => {
    const server = await start(({ socket }) => {
      socket.write(Buffer.concat([settings([3, 10]), frame(6, 0, 0, '0102030405060708'), created(1)]));
    });
    expect(await open(server.port).post(post(server.port))).toMatchObject({ status: 201 });
    const frames = () => server.peers[0]?.frames ?? [];
    await until(
      () => frames().filter(({ type, flags }) => type === 4 && flags === 1).length === 2,
      'two ACKs',
    );
    expect(frames()).toContainEqual(
      expect.objectContaining({ type: 6, flags: 1, payload: Buffer.from('0102030405060708', 'hex') }),
    );
  });

  test('a body waits for windows of a byte', async () => {
    const body = Buffer.alloc(300, 'x');
    const sent = (peer: RawPeer) =>
      Buffer.concat(peer.frames.flatMap(({ type, payload }) => (type === 0 ? payload : [])));
    const server = await start(
      async (peer) => {
        for (let left = body.length; left > 0; left--) peer.socket.write(windowUpdate(1, 1));
        await until(() => sent(peer).length === body.length, 'the whole body has come');
        peer.socket.write(created(1));
      },
      ({ socket }) => void socket.write(settings([4, 0])),
    );
    expect(await open(server.port).post(post(server.port, body))).toMatchObject({ status: 201 });
    expect(sent(server.peers[0] as RawPeer)).toEqual(body);
  });

  test('no stream at all is allowed: the posts wait until one is', async () => {
    const server = await start(
      ({ socket }, { streamId }) => void socket.write(created(streamId)),
      ({ socket }) => {
        socket.write(settings([3, 0]));
        setTimeout(() => socket.write(settings([3, 1])), 100);
      },
    );
    const transport = open(server.port, { maxConnections: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => transport.post(post(server.port))));
    for (const answer of answers) expect(answer).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(1);
  });

  test('a peer that reads nothing is written no more than a backlog', async () => {
    const server = await start(
      ({ socket }) => void socket.pause(),
      ({ socket }) => void socket.write(Buffer.concat([settings([4, 1_000_000]), windowUpdate(0, 2 ** 30)])),
    );
    const transport = open(server.port, { maxConnections: 1, maxStreams: 5_000, pingTimeoutMs: 300 });
    const body = Buffer.alloc(4_096);
    const answers = Array.from({ length: 4_000 }, () => transport.post(post(server.port, body, 1_500)));
    for (const answer of await Promise.all(answers)) expect(answer.kind).toBe('failure');
    await until(() => transport.stats.connections === 0, 'the connection is given up');
  });
});

test('any fields arrive as they were sent, whatever table the peer allows', async () => {
  const token = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/);
  const message = fc.record({
    path: fc.stringMatching(/^\/[a-zA-Z0-9/_?=&%.:-]{0,80}$/),
    headers: fc.record(
      {
        ttl: fc.nat().map(String),
        urgency: fc.constantFrom('very-low', 'low', 'normal', 'high'),
        authorization: token,
        'content-type': fc.constant('application/octet-stream'),
        'content-encoding': fc.constant('aes128gcm'),
        topic: token,
        'x-wns-cache-policy': fc.constantFrom('cache', 'no-cache'),
      },
      { requiredKeys: ['ttl', 'urgency', 'authorization'] },
    ),
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
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => new Promise((done) => server.close(done)));
    const { port } = server.address() as AddressInfo;
    const transport = open(port);
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
        seen.clear();
        const posts = messages.map((each, i) => ({ ...each, path: `${each.path}#${i}` }));
        await Promise.all(posts.map((each) => transport.post({ ...post(port), ...each })));
        for (const { path, headers, body } of posts) {
          expect(seen.get(path)).toEqual({
            headers: {
              ...headers,
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
