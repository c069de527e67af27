import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { browserIndexOf } from '../bench/simulatedBrowser';
import type { Behaviour, Report, ServiceReport } from './behaviour';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A push service over TLS and HTTP/2 that counts what comes and can be ill in every way we know of. */
export class FaultyPushService {
  urgent: Mutable<Report['urgent'][number]>[] = [];
  #behaviour: Behaviour = { kind: 'well', delayMs: 0 };
  #posts = 0;
  #accepted = new Uint16Array(0);
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #requests = new WeakMap<ServerHttp2Session, number>();
  readonly #http2 = createServer({ settings: { maxConcurrentStreams: 250 } });
  readonly #tls: ReturnType<typeof createTlsServer>;
  readonly #tcp = createTcpServer((socket) => this.#take(socket));

  constructor(credentials: { key: Buffer; cert: Buffer }) {
    this.#tls = createTlsServer({ ...credentials, ALPNProtocols: ['h2'] });
    this.#tls.on('tlsClientError', () => undefined);
    this.#tls.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      this.#http2.emit('connection', socket);
    });
    this.#http2.on('sessionError', () => undefined);
    this.#http2.on('stream', (stream, headers) => this.#answer(stream, headers));
  }

  /** @returns the port */
  async listen(): Promise<number> {
    this.#tcp.listen(this.#port, '127.0.0.1');
    await once(this.#tcp, 'listening');
    this.#port = (this.#tcp.address() as AddressInfo).port;
    return this.#port;
  }

  /** Forgets what it has counted. */
  begin(browsers: number): void {
    this.#posts = 0;
    this.#accepted = new Uint16Array(browsers);
    this.urgent = [];
  }

  /** From now on; connections made under another behaviour are cut where they would hide it. */
  async behave(behaviour: Behaviour): Promise<void> {
    const before = this.#behaviour;
    this.#behaviour = behaviour;
    const isOfConnections = ({ kind }: Behaviour) => ['dead', 'refuses', 'breaks TLS'].includes(kind);
    if (behaviour.kind === 'refuses') this.#tcp.close();
    if (isOfConnections(behaviour) || isOfConnections(before) || before.kind === 'tar-pit') {
      for (const socket of this.#sockets) socket.resetAndDestroy();
    }
    if (before.kind === 'refuses') await this.listen();
  }

  report(): ServiceReport {
    let [accepted, distinct] = [0, 0];
    for (const times of this.#accepted) {
      accepted += times;
      if (times > 0) distinct += 1;
    }
    return { posts: this.#posts, accepted, distinct, doubled: accepted - distinct };
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    if (this.#behaviour.kind === 'dead') socket.resume();
    else if (this.#behaviour.kind === 'breaks TLS') socket.end('HTTP/1.0 400 What is this?\r\n\r\n');
    else this.#tls.emit('connection', socket);
  }

  #answer(stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>): void {
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => this.#behave(stream, headers));
  }

  #behave(stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>): void {
    const index = browserIndexOf(String(headers[':path'] ?? ''));
    const isUrgent = headers.urgency === 'high';
    const atNs = String(process.hrtime.bigint());
    if (!isUrgent) this.#posts += 1;
    const accept = () => {
      if (isUrgent) this.urgent.push({ index, atNs });
      else this.#accepted[index] = (this.#accepted[index] ?? 0) + 1;
      if (!stream.destroyed) stream.respond({ ':status': 201, location: '/m/1' }, { endStream: true });
    };
    const behaviour = this.#behaviour;
    if (behaviour.kind === 'well' && behaviour.delayMs > 0) setTimeout(accept, behaviour.delayMs);
    else if (behaviour.kind === 'answers') {
      if (Math.random() >= behaviour.share) accept();
      else stream.respond({ ':status': behaviour.status, ...behaviour.headers }, { endStream: true });
    } else if (behaviour.kind === 'resets') {
      this.#reset(stream);
    } else if (behaviour.kind === 'endless body') {
      // the head has said it all: a client that reads no further was told 201
      this.#accepted[index] = (this.#accepted[index] ?? 0) + 1;
      this.#writeForEver(stream);
    } else if (behaviour.kind === 'goes away') {
      accept();
      this.#goAway(stream.session as ServerHttp2Session | undefined, behaviour.afterRequests);
    } else if (behaviour.kind !== 'tar-pit') accept();
  }

  /** HTTP/2 keeps its sockets to itself; the one below is known by its port. */
  #reset({ session }: ServerHttp2Stream): void {
    const port = session?.socket.remotePort;
    for (const socket of this.#sockets) if (socket.remotePort === port) socket.resetAndDestroy();
  }

  #goAway(session: ServerHttp2Session | undefined, afterRequests: number): void {
    if (!session || session.closed) return;
    const requests = (this.#requests.get(session) ?? 0) + 1;
    this.#requests.set(session, requests);
    // a close lets open streams finish, as RFC 9113 has it
    if (requests >= afterRequests) session.close();
  }

  #writeForEver(stream: ServerHttp2Stream): void {
    stream.respond({ ':status': 201, location: '/m/1' });
    const more = () => {
      while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
    };
    stream.on('drain', more);
    more();
  }
}
