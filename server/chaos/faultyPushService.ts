import { once } from 'node:events';
import { createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
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
  readonly #requests = new WeakMap<Http2Session, number>();
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
    this.#http2.on('stream', (stream, headers) => this.#receive(stream, headers));
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

  #receive(stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>): void {
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => this.#treat(stream, headers));
  }

  #treat(stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>): void {
    const index = browserIndexOf(String(headers[':path'] ?? ''));
    const isUrgent = headers.urgency === 'high';
    const atNs = String(process.hrtime.bigint());
    if (!isUrgent) this.#posts += 1;
    const note = () => {
      if (isUrgent) this.urgent.push({ index, atNs });
      else this.#accepted[index] = (this.#accepted[index] ?? 0) + 1;
    };
    const behaviour = this.#behaviour;
    if (behaviour.kind === 'tar-pit') return;
    if (behaviour.kind === 'resets') {
      this.#reset(stream);
      return;
    }
    if (behaviour.kind === 'goes away') this.#goAway(stream.session, behaviour.afterRequests);
    const { delayMs = 0 } = behaviour;
    if (delayMs > 0) setTimeout(() => this.#answer(stream, behaviour, note), delayMs);
    else this.#answer(stream, behaviour, note);
  }

  /** @param note notes that the message is accepted; a head of 201 says so, whatever becomes of the body */
  #answer(stream: ServerHttp2Stream, behaviour: Behaviour, note: () => void): void {
    const isOther = behaviour.kind === 'answers' && Math.random() < behaviour.share;
    if (!isOther) note();
    if (stream.destroyed) return;
    if (isOther) stream.respond({ ':status': behaviour.status, ...behaviour.headers }, { endStream: true });
    else if (behaviour.kind === 'endless body') this.#writeForEver(stream);
    else stream.respond({ ':status': 201, location: '/m/1' }, { endStream: true });
  }

  /** HTTP/2 keeps its sockets to itself; the one below is known by its port. */
  #reset({ session }: ServerHttp2Stream): void {
    const port = session?.socket.remotePort;
    for (const socket of this.#sockets) if (socket.remotePort === port) socket.resetAndDestroy();
  }

  #goAway(session: Http2Session | undefined, afterRequests: number): void {
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
