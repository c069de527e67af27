import type { PushTransport } from '../../../src/webPush/transport/pushTransport';
import {
  block,
  created,
  frame,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../../support/servers/http2Bytes';
import { failureNamed, openTransport, postTo, startRawPeer } from '../../support/servers/pushPeers';
import type { RawHttp2Server, RawPeer } from '../../support/servers/rawHttp2Server';
import { until } from '../../support/until';

/** What the HTTP/2 client makes of peers that no HTTP/2 library would be: those that break the protocol. */

/** Ends one connection only: the next post finds a peer of good manners. */
function firstTime(fault: (peer: RawPeer) => void) {
  let seen = 0;
  return (peer: RawPeer, { streamId }: { streamId: number }): void => {
    if (seen++ === 0) fault(peer);
    else peer.socket.write(created(streamId));
  };
}

const protocol = failureNamed('protocol');

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
    const server = await startRawPeer(firstTime(({ socket }) => void socket.write(bytes)));
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toEqual(protocol);
    await expectGoodbye(server, transport, code);
  });

  test('the next post finds another connection', async () => {
    const server = await startRawPeer(firstTime(({ socket }) => void socket.write(windowUpdate(0, 0))));
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toEqual(protocol);
    expect(await transport.post(postTo(server.port))).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(2);
  });

  test('more DATA than the window allows', async () => {
    const pieces = Array(5).fill(frame(0, 0, 1, Buffer.alloc(16_384)));
    const server = await startRawPeer(
      firstTime(({ socket }) => void socket.write(Buffer.concat([frame(1, 4, 1, status200), ...pieces]))),
    );
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toMatchObject({ status: 200 });
  });
});

describe('before the first post', () => {
  test.each<[string, Buffer]>([
    ['a frame that is no SETTINGS', frame(6, 0, 0, '00'.repeat(8))],
    ['SETTINGS acknowledged first', settingsAck],
    ['HTTP/1.1', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['noise', Buffer.alloc(100, 0xa5)],
  ])('%s', async (_name, bytes) => {
    const server = await startRawPeer(
      () => undefined,
      ({ socket }) => void socket.write(bytes),
    );
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toEqual(protocol);
    await until(() => server.peers[0]?.isClosed, 'the connection is closed');
    expect(transport.stats).toMatchObject({ inFlight: 0, connections: 0 });
  });

  test('silence: the time to connect counts', async () => {
    const server = await startRawPeer(
      () => undefined,
      () => undefined,
    );
    const transport = openTransport(server.port, { connectTimeoutMs: 200 });
    expect(await transport.post(postTo(server.port))).toEqual(failureNamed('timeout'));
    await until(() => server.peers[0]?.isClosed, 'the connection is closed');
  });

  test('the end', async () => {
    const server = await startRawPeer(
      () => undefined,
      ({ socket }) => void socket.end(),
    );
    expect(await openTransport(server.port).post(postTo(server.port))).toEqual(failureNamed('refused'));
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
    const server = await startRawPeer(firstTime(({ socket }) => void socket.write(bytes)));
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toEqual(protocol);
    expect(await transport.post(postTo(server.port))).toMatchObject({ status: 201 });
    expect(server.peers.length).toBe(1);
    expect(server.peers[0]?.frames).toContainEqual(expect.objectContaining({ type: 3, streamId: 1 }));
  });

  test('trailers that do not end it: the status counts', async () => {
    const server = await startRawPeer(({ socket }) => {
      socket.write(Buffer.concat([frame(1, 4, 1, status200), frame(1, 4, 1, block(['x', 'y']))]));
    });
    expect(await openTransport(server.port).post(postTo(server.port))).toMatchObject({
      kind: 'response',
      status: 200,
    });
  });
});
