import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { vendorsOnly } from '../../../src/egress/pushHostPolicy';
import type { PushAnswer } from '../../../src/model/pushAnswer';
import { RunningClock } from '../../../src/model/runningClock';
import type { PushPost } from '../../../src/webPush/pushPost';
import { Exchange } from '../../../src/webPush/transport/exchange';
import { type ConnectionOwner, Http2Connection } from '../../../src/webPush/transport/http2/http2Connection';
import { type ConnectOptions, secureContextWith } from '../../../src/webPush/transport/tlsConnector';
import { framesSent, settings } from './http2Bytes';

const options: ConnectOptions = {
  guard: new ConnectGuard(vendorsOnly),
  secureContext: secureContextWith(undefined),
  clock: new RunningClock(),
  maxConnections: 1,
  maxStreams: 250,
  maxHttp1Connections: 1,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 300_000,
  pingAfterMs: 20_000,
  pingTimeoutMs: 5_000,
};

/** What stands in for the TLS socket: what is written is kept, what is read is given by hand. */
export class HandSocket extends Duplex {
  readonly written: Buffer[] = [];
  /** Takes nothing more until it is called, once set to something. */
  drain: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    if (this.drain === undefined) done();
    else this.drain = done;
  }

  override _read(): void {}

  destroySoon(): void {
    this.end();
    this.destroy();
  }

  get sent() {
    return framesSent(Buffer.concat(this.written));
  }
}

export type Ending = PushAnswer | 'untaken' | 'http1';

/** A connection with some posts on it, and what became of each: more than one thing is one too many. */
export async function connectionWith(posts: number, firstSettings = settings(), bodyBytes = 20) {
  const socket = new HandSocket();
  const endings: Ending[][] = [];
  const exchanges: Exchange[] = [];
  const connections: Http2Connection[] = [];
  const goaways: [taken: number, givenBack: number][] = [];
  const onClosedUnanswered = jest.fn<void, []>();
  const note = (exchange: Exchange, ending: Ending) =>
    endings[Number(exchange.post.path.slice(1))]?.push(ending);
  const owner: ConnectionOwner = {
    onOpen: (opened) => connections.push(opened),
    onClosedUnanswered,
    onFree: () => undefined,
    onGoaway: (taken, givenBack) => goaways.push([taken, givenBack]),
    onNotProcessed: (exchange) => note(exchange, 'untaken'),
    onHttp1Required: (exchange) => note(exchange, 'http1'),
    onClosed: () => undefined,
  };
  const opened = Http2Connection.open(
    socket as unknown as TLSSocket,
    'https://push.example.org',
    options,
    owner,
  );
  socket.emit('data', firstSettings);
  await opened;
  const [connection] = connections;
  if (connection === undefined) throw new Error('not opened');
  function send(): void {
    const path = `/${endings.push([]) - 1}`;
    const post: PushPost = {
      origin: 'https://push.example.org',
      path,
      pushService: 'push.example.org',
      urgency: 'normal',
      authorization: 'vapid t=x, k=y',
      body: Buffer.alloc(bodyBytes, 1),
      ttlEndsAt: Number.MAX_SAFE_INTEGER,
      timeoutMs: 60_000,
      latestSendAt: Number.MAX_SAFE_INTEGER,
    };
    const exchange = new Exchange(post, Number.POSITIVE_INFINITY, note);
    exchanges.push(exchange);
    connection?.send(exchange);
  }
  for (let sent = 0; sent < posts; sent++) send();
  return { socket, connection, endings, exchanges, goaways, onClosedUnanswered, send };
}

/** One turn of the event loop. */
export const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
export const closed = (socket: HandSocket): Promise<void> =>
  new Promise((done) => void socket.once('close', () => done()).destroy());
