import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { stopClock } from '../../support/engines/stoppedClock';
import { freePort } from '../../support/servers/freePort';
import { block, created, frame, rstStream, settings, windowUpdate } from '../../support/servers/http2Bytes';
import {
  certificate,
  closeAfterwards,
  failureNamed,
  listen,
  openTransport,
  postTo,
  startRawPeer,
} from '../../support/servers/pushPeers';
import type { RawHttp2Server } from '../../support/servers/rawHttp2Server';
import { until } from '../../support/until';

/** Push services that send and send: each is left after a bounded number of bytes, reads and frames. */

afterEach(() => jest.restoreAllMocks());

const protocol = failureNamed('protocol');
const created201 = { kind: 'response', status: 201 };
const answer201 = 'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n';

/** Writes the same bytes again and again, as fast as they are taken, until the connection is closed. */
function flood(socket: Socket, bytes: string | Buffer): void {
  const write = (): void => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', write);
  write();
}

/** Writes one byte at a time, each in a packet of its own. */
function drip(socket: Socket, bytes: string): void {
  socket.setNoDelay(true);
  const write = (): void => {
    if (socket.writable) socket.write(bytes, () => setImmediate(write));
  };
  write();
}

/** An HTTP/1.1 push service that gives `fault` the connection of the first POST, and accepts all others. */
async function startHttp1(fault: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('data', () => {
      if (sockets.length === 1) fault(socket);
      else socket.write(answer201);
    });
  });
  return { sockets, port: (await listen(server)).port };
}

describe('over HTTP/1.1', () => {
  const head = 'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n';

  test.each<[string, object, (socket: Socket) => void]>([
    ['100 Continue', protocol, (socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))],
    [
      '103 with fields',
      protocol,
      (socket) => flood(socket, `HTTP/1.1 103 X\r\n${'a: b\r\n'.repeat(20)}\r\n`),
    ],
    ['empty lines before the answer', protocol, (socket) => flood(socket, '\r\n'.repeat(1_000))],
    [
      'a status line',
      protocol,
      (socket) => {
        socket.write('HTTP/1.1 201 ');
        flood(socket, 'a'.repeat(1_000));
      },
    ],
    [
      'zeros of the size of a chunk',
      created201,
      (socket) => {
        socket.write(head);
        flood(socket, '0'.repeat(1_000));
      },
    ],
    [
      'an extension of a chunk',
      created201,
      (socket) => {
        socket.write(`${head}1`);
        flood(socket, ';a=b'.repeat(1_000));
      },
    ],
    [
      'extensions of many chunks',
      created201,
      (socket) => {
        socket.write(head);
        flood(socket, `1;${'a'.repeat(10_000)}\r\nx\r\n`);
      },
    ],
    [
      'trailers',
      created201,
      (socket) => {
        socket.write(`${head}0\r\n`);
        flood(socket, 'a: b\r\n'.repeat(1_000));
      },
    ],
  ])('%s without end', async (_name, expected, fault) => {
    const service = await startHttp1(fault);
    const transport = openTransport(service.port);
    const post = () => transport.post(postTo(service.port, { scheme: 'http', timeoutMs: 60_000 }));
    expect(await post()).toMatchObject(expected);
    await until(() => service.sockets[0]?.destroyed, 'the connection is closed');
    expect(await post()).toMatchObject(created201);
  });

  test.each([
    ['a header', protocol, 'HTTP/1.1 201 Created\r\na: '],
    ['a body', created201, 'HTTP/1.1 201 Created\r\n\r\n'],
  ])('%s, byte by byte', async (_name, expected, start) => {
    const service = await startHttp1((socket) => {
      socket.write(start);
      drip(socket, 'x');
    });
    const transport = openTransport(service.port);
    const post = () => transport.post(postTo(service.port, { scheme: 'http', timeoutMs: 60_000 }));
    expect(await post()).toMatchObject(expected);
    await until(() => service.sockets[0]?.destroyed, 'the connection is closed');
    // each read counts, not only its bytes: some 300, and not 65,536
    expect(service.sockets[0]?.bytesWritten).toBeLessThan(8_192);
    expect(await post()).toMatchObject(created201);
  });

  test('ten interim answers are taken, a hundred posts one after the other too', async () => {
    const server = createTcpServer((socket) =>
      socket.on('data', () => socket.write(`${'HTTP/1.1 103 X\r\n\r\n'.repeat(10)}${answer201}`)),
    );
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const { port } = await listen(server);
    const transport = openTransport(port);
    for (let sent = 0; sent < 100; sent += 1) {
      expect(await transport.post(postTo(port, { scheme: 'http' }))).toMatchObject(created201);
    }
    expect(connections).toBe(1);
  });

  test('a connection on which something comes without a post is closed', async () => {
    const service = await startHttp1((socket) => void socket.write(answer201));
    const transport = openTransport(service.port);
    expect(await transport.post(postTo(service.port, { scheme: 'http' }))).toMatchObject(created201);
    const [socket] = service.sockets;
    if (socket === undefined) throw new Error('no connection');
    flood(socket, 'garbage');
    await until(() => socket.destroyed, 'the connection is closed');
  });
});

describe('over HTTP/2', () => {
  const enhanceYourCalm = 11;
  const ping = frame(6, 0, 0, '00'.repeat(8));
  const begun = frame(1, 4, 1, block([':status', '201']));
  const bodyByte = frame(0, 0, 1, '61');
  const times = (count: number, bytes: Buffer): Buffer => Buffer.concat(Array<Buffer>(count).fill(bytes));

  async function expectGoodbye({ peers: [peer] }: RawHttp2Server): Promise<void> {
    await until(() => peer?.isClosed, 'the connection is closed');
    const goodbye = peer?.frames.at(-1);
    expect(goodbye).toMatchObject({ type: 7, streamId: 0 });
    expect(goodbye?.payload.readUInt32BE(4)).toBe(enhanceYourCalm);
  }

  test.each<[string, Buffer]>([
    ['SETTINGS that toggle the window', times(1_000, settings([4, 0], [4, 65_535]))],
    ['PINGs', times(2_000, ping)],
    ['WINDOW_UPDATEs', times(2_000, windowUpdate(0, 1))],
    ['PRIORITYs', times(2_000, frame(2, 0, 1, '00'.repeat(5)))],
    ['frames of an unknown type', times(2_000, frame(99, 0, 0))],
    ['RST_STREAMs of a stream that is over', times(2_000, rstStream(1, 8))],
    ['long frames of an unknown type', times(100, frame(99, 0, 0, Buffer.alloc(16_384)))],
  ])('%s between the bytes of a body', async (_name, noise) => {
    const server = await startRawPeer(({ socket }, { streamId }) => {
      if (streamId === 1) socket.write(begun);
      flood(socket, Buffer.concat([bodyByte, noise]));
    });
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port, { timeoutMs: 60_000 }))).toMatchObject(created201);
    await expectGoodbye(server);
  });

  test('a frame in pieces of a byte', async () => {
    const server = await startRawPeer(({ socket }, { streamId }) => {
      if (streamId === 1)
        socket.write(Buffer.concat([begun, frame(99, 0, 0, Buffer.alloc(16_384)).subarray(0, 9)]));
      drip(socket, 'x');
    });
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port, { timeoutMs: 60_000 }))).toMatchObject(created201);
    await expectGoodbye(server);
  });

  test('interim answers end their post only', async () => {
    const server = await startRawPeer(({ socket }, { streamId }) => {
      const interim = frame(1, 4, streamId, block([':status', '103']));
      socket.write(
        streamId === 1 ? times(11, interim) : Buffer.concat([times(10, interim), created(streamId)]),
      );
    });
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toEqual(protocol);
    expect(await transport.post(postTo(server.port))).toMatchObject(created201);
    expect(server.peers).toHaveLength(1);
  });

  /** Posts one after the other, each answered after so many PINGs, until the first that fails. */
  async function answeredAfterPings(pings: number, posts: number): Promise<number> {
    const server = await startRawPeer(
      ({ socket }, { streamId }) => void socket.write(Buffer.concat([times(pings, ping), created(streamId)])),
    );
    const transport = openTransport(server.port);
    for (let answered = 0; answered < posts; answered += 1) {
      const { kind } = await transport.post(postTo(server.port));
      if (kind === 'failure' || server.peers.length > 1) return answered;
    }
    return posts;
  }

  test('an answer earns only a little: who answers each post after many PINGs is left as well', async () => {
    expect(await answeredAfterPings(500, 100)).toBeLessThan(20);
    expect(await answeredAfterPings(30, 300)).toBe(300);
  });

  test('the next connection comes a second later', async () => {
    const clock = stopClock();
    const server = await startRawPeer(({ socket }, { streamId }) => {
      if (streamId === 1) socket.write(Buffer.concat([created(streamId), times(5_000, ping)]));
    });
    const transport = openTransport(server.port);
    expect(await transport.post(postTo(server.port))).toMatchObject(created201);
    await until(() => server.peers[0]?.isClosed, 'the connection is closed');
    const next = transport.post(postTo(server.port, { timeoutMs: 60_000 }));
    const other = await startRawPeer(({ socket }, { streamId }) => void socket.write(created(streamId)));
    const elsewhere = openTransport(other.port);
    for (let sent = 0; sent < 10; sent += 1) await elsewhere.post(postTo(other.port));
    expect(server.peers).toHaveLength(1);
    clock.pass(1_000);
    expect(await next).toMatchObject(created201);
  });
});

test('a push service cannot ask for one handshake after the other (TLS 1.2)', async () => {
  let handshakes = 0;
  const server = createTlsServer({ ...certificate, maxVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] });
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('data', () => {
      const again = (): void => {
        socket.renegotiate({}, (error) => {
          if (error === null) handshakes += 1;
          if (error === null && handshakes < 5) again();
          else socket.write(answer201);
        });
      };
      again();
    });
  });
  const { port } = await listen(server);
  await openTransport(port).post(postTo(port, { timeoutMs: 5_000 }));
  expect(handshakes).toBe(0);
});

test('a connection on which session tickets come without end is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-tickets-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  writeFileSync(keyFile, certificate.key);
  writeFileSync(certFile, certificate.cert);
  const port = await freePort();
  const server = spawn(
    'openssl',
    [
      ...['s_server', '-quiet', '-accept', String(port), '-key', keyFile, '-cert', certFile],
      ...['-alpn', 'h2', '-num_tickets', '1000'],
    ],
    { stdio: 'pipe' },
  );
  closeAfterwards(() => {
    server.kill();
    rmSync(folder, { recursive: true });
  });
  await until(() => answers(port), 'the server listens');
  // this server answers nothing: a connection that is kept ends in a time-out
  const transport = openTransport(port, { connectTimeoutMs: 20_000 });
  expect(await transport.post(postTo(port, { timeoutMs: 20_000 }))).toEqual(failureNamed('refused'));
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
