import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { framesSent, type ReceivedFrame, settings } from './http2Bytes';
import type { TestCertificate } from './testCertificate';

export interface RawHttp2Server {
  readonly port: number;
  /** Every connection there was, in order. */
  readonly peers: readonly RawPeer[];
  close(): Promise<void>;
}

/** One client of a raw server: what it has sent, and a way to send it anything. */
export interface RawPeer {
  readonly frames: readonly ReceivedFrame[];
  readonly socket: TLSSocket;
  readonly isClosed: boolean;
}

/**
 * A TLS server that agrees on `h2` and then says only what it is told: `greet` on each connection (empty SETTINGS
 * unless given), and `answer` for every HEADERS frame that comes.
 */
export async function startRawHttp2(
  certificate: TestCertificate,
  answer: (peer: RawPeer, request: ReceivedFrame) => void,
  greet: (peer: RawPeer) => void = ({ socket }) => void socket.write(settings()),
): Promise<RawHttp2Server> {
  const peers: RawPeer[] = [];
  const server = createServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => {
    let received = Buffer.alloc(0);
    let answered = 0;
    const peer = { frames: [] as ReceivedFrame[], socket, isClosed: false };
    peers.push(peer);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      peer.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      peer.frames = framesSent(received);
      const requests = peer.frames.filter(({ type }) => type === 1);
      for (const request of requests.slice(answered)) {
        answered += 1;
        answer(peer, request);
      }
    });
    greet(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    peers,
    async close() {
      for (const { socket } of peers) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
