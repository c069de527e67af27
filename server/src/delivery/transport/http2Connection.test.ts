import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import {
  block,
  created,
  frame,
  framesSent,
  goaway,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../../../test/support/http2Bytes';
import { ConnectGuard } from '../../egress/guardedLookup';
import { vendorsOnly } from '../../egress/pushHostPolicy';
import type { PushAnswer } from '../../model/pushAnswer';
import { Exchange } from './exchange';
import { type ConnectionOwner, Http2Connection } from './http2Connection';
import { type ConnectOptions, secureContextWith } from './tlsConnect';

const options: ConnectOptions = {
  guard: new ConnectGuard(vendorsOnly),
  secureContext: secureContextWith(undefined),
  maxConnections: 1,
  maxStreams: 250,
  maxHttp1Connections: 1,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 300_000,
  pingAfterMs: 20_000,
  pingTimeoutMs: 5_000,
};

/** What stands in for the TLS socket: what is written is kept, what is read is given by hand. */
class HandSocket extends Duplex {
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

type Ending = PushAnswer | 'untaken' | 'http1';

/** A connection with some posts on it, and what became of each: more than one thing is one too many. */
async function connectionWith(posts: number, firstSettings = settings(), bodyBytes = 20) {
  const socket = new HandSocket();
  const endings: Ending[][] = [];
  const exchanges: Exchange[] = [];
  const connections: Http2Connection[] = [];
  const note = (exchange: Exchange, ending: Ending) =>
    endings[Number(exchange.post.path.slice(1))]?.push(ending);
  const owner: ConnectionOwner = {
    onOpen: (opened) => connections.push(opened),
    onFruitless: () => undefined,
    onFree: () => undefined,
    onUntaken: (exchange) => note(exchange, 'untaken'),
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
    const headers = { ttl: '60', urgency: 'normal', authorization: 'vapid t=x, k=y' } as const;
    const path = `/${endings.push([]) - 1}`;
    const body = Buffer.alloc(bodyBytes, 1);
    const post = { origin: 'https://push.example.org', path, headers, body, timeoutMs: 60_000 };
    const exchange = new Exchange(post, note);
    exchanges.push(exchange);
    connection?.send(exchange);
  }
  for (let sent = 0; sent < posts; sent++) send();
  return { socket, connection, endings, exchanges, send };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
const closed = (socket: HandSocket): Promise<void> =>
  new Promise((done) => void socket.once('close', () => done()).destroy());

/** What a push service may say to three posts; every frame of it in its place. */
const conversation = [
  settingsAck,
  windowUpdate(0, 100_000),
  frame(6, 0, 0, '0102030405060708'),
  frame(1, 4, 1, block([':status', '103'], ['link', 'x'])),
  frame(1, 4, 1, block([':status', '400'], ['content-type', 'text/plain'])),
  settings([3, 100], [4, 10_000]),
  frame(0, 8, 1, '02 6162 0000'),
  frame(2, 0, 1, '0000000010'),
  frame(1, 0, 3, block([':status', '201'])),
  frame(9, 0, 3, block(['location', 'https://push.example.org/m/1'])),
  frame(9, 4, 3, block(['ttl', '60'])),
  windowUpdate(5, 10),
  frame(0, 1, 1, '6364'),
  frame(0xfa, 0, 7, 'ffff'),
  frame(1, 5, 3, block(['x-trailer', 'y'])),
  rstStream(5, 7),
  goaway(5, 0),
];

const endingsOfConversation: Ending[][] = [
  [{ kind: 'response', status: 400, headers: {}, body: 'abcd' }],
  [
    {
      kind: 'response',
      status: 201,
      headers: { location: 'https://push.example.org/m/1', ttl: '60' },
      body: '',
    },
  ],
  ['untaken'],
];

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(at[i - 1] ?? 0, end));
}

test('the same answers, however the bytes of the peer are cut', async () => {
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const { socket, endings } = await connectionWith(3);
      await turn();
      for (const chunk of cut(Buffer.concat(conversation), places)) socket.emit('data', chunk);
      expect(endings).toEqual(endingsOfConversation);
      expect(socket.destroyed).toBe(true);
      await closed(socket);
      expect(endings).toEqual(endingsOfConversation);
    }),
    { numRuns: 300 },
  );
});

type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'drop'; readonly at: number }
  | { readonly kind: 'repeat'; readonly at: number }
  | { readonly kind: 'swap'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array };

const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('drop' as const), at: share }),
  fc.record({ kind: fc.constant('repeat' as const), at: share }),
  fc.record({ kind: fc.constant('swap' as const), at: share }),
  fc.record({ kind: fc.constant('insert' as const), at: share, bytes: fc.uint8Array({ maxLength: 12 }) }),
);

function mutate(frames: readonly Buffer[], change: Mutation): Buffer[] {
  const index = Math.floor(change.at * frames.length);
  const [before, picked, after] = [
    frames.slice(0, index),
    frames.slice(index, index + 1),
    frames.slice(index + 1),
  ];
  if (change.kind === 'drop') return [...before, ...after];
  if (change.kind === 'repeat') return [...before, ...picked, ...picked, ...after];
  if (change.kind === 'swap') return [...before, ...after.slice(0, 1), ...picked, ...after.slice(1)];
  if (change.kind === 'insert') return [...before, Buffer.from(change.bytes), ...picked, ...after];
  const bytes = Buffer.concat(frames);
  if (bytes.length === 0) return [];
  const at = Math.floor(change.at * bytes.length);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << change.bit), at);
  return [bytes];
}

describe('whatever the peer sends, every post has one end', () => {
  async function expectOneEnd(bytes: Buffer, places: readonly number[], posts: number): Promise<void> {
    const { socket, connection, endings } = await connectionWith(posts);
    await turn();
    for (const chunk of cut(bytes, places)) socket.emit('data', chunk);
    connection.sweep(Date.now() + 30_000);
    await closed(socket);
    expect(endings.map((ending) => ending.length)).toEqual(endings.map(() => 1));
    expect(connection.hasRoom).toBe(false);
  }

  test('a conversation with faults', async () => {
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(mutations, cuts, (changes, places) =>
        expectOneEnd(Buffer.concat(changes.reduce(mutate, conversation)), places, 3),
      ),
      { numRuns: 3_000 },
    );
  });

  test('frames of any form', async () => {
    const anyFrame = fc
      .tuple(
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 0, max: 63 }),
        fc.integer({ min: 0, max: 8 }),
        fc.uint8Array({ maxLength: 20 }),
      )
      .map(([type, flags, streamId, payload]) => frame(type, flags, streamId, Buffer.from(payload)));
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { maxLength: 20 }), cuts, (frames, places) =>
        expectOneEnd(Buffer.concat(frames), places, 4),
      ),
      { numRuns: 2_000 },
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, places) =>
        expectOneEnd(Buffer.from(bytes), places, 2),
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('flow control', () => {
  const bodyOf = (socket: HandSocket, streamId: number): { bytes: number; ended: boolean } => {
    const data = socket.sent.filter(({ type, streamId: id }) => type === 0 && id === streamId);
    return {
      bytes: data.reduce((sum, { payload }) => sum + payload.length, 0),
      ended: data.some(({ flags }) => (flags & 1) !== 0),
    };
  };

  test('a body waits for its window, and a window may become negative', async () => {
    const { socket } = await connectionWith(1, settings([4, 100]), 1_000);
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 100, ended: false });
    socket.emit('data', Buffer.concat([settings([4, 50]), windowUpdate(1, 50)]));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 100, ended: false });
    socket.emit('data', windowUpdate(1, 1));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 101, ended: false });
    socket.emit('data', settings([4, 65_535]));
    await turn();
    expect(bodyOf(socket, 1)).toEqual({ bytes: 1_000, ended: true });
  });

  test('all bodies together wait for the window of the connection, and go in order', async () => {
    const { socket, connection } = await connectionWith(20, settings(), 4_000);
    await turn();
    expect(bodyOf(socket, 33)).toEqual({ bytes: 65_535 - 64_000, ended: false });
    expect(bodyOf(socket, 35)).toEqual({ bytes: 0, ended: false });
    // A stream that is over makes room for none: the window is the connection's.
    socket.emit('data', Buffer.concat([rstStream(33, 8), windowUpdate(0, 4_001)]));
    await turn();
    expect(bodyOf(socket, 33)).toEqual({ bytes: 1_535, ended: false });
    expect(bodyOf(socket, 35)).toEqual({ bytes: 4_000, ended: true });
    expect(bodyOf(socket, 37)).toEqual({ bytes: 1, ended: false });
    expect(connection.hasRoom).toBe(true);
  });

  test('an answer that is complete before the body has gone ends the stream', async () => {
    const { socket, endings } = await connectionWith(1, settings([4, 10]), 1_000);
    await turn();
    socket.emit('data', created(1));
    await turn();
    expect(endings).toMatchObject([[{ status: 201 }]]);
    expect(socket.sent.at(-1)).toMatchObject({ type: 3, streamId: 1 });
  });

  test('the window for answers is filled up again', async () => {
    const { socket, endings } = await connectionWith(20);
    await turn();
    for (let id = 1; id < 40; id += 2) {
      socket.emit('data', frame(1, 4, id, block([':status', '500'])));
      // What is beyond the bound of a body counts all the same.
      socket.emit('data', frame(0, 1, id, Buffer.alloc(16_384)));
    }
    await turn();
    expect(endings.every(([ending]) => typeof ending === 'object' && ending.kind === 'response')).toBe(true);
    const widened = socket.sent.filter(({ type, streamId }) => type === 8 && streamId === 0);
    const given = widened.reduce((sum, { payload }) => sum + payload.readUInt32BE(), 0);
    expect(20 * 16_384 - given).toBeLessThan(65_535 / 2);
  });
});

test('posts that were never handed to the socket are untaken, the others reset', async () => {
  const { socket, endings, send } = await connectionWith(2);
  await turn();
  send();
  await closed(socket);
  const reset = { kind: 'failure', failure: 'reset' };
  expect(endings).toEqual([[reset], [reset], ['untaken']]);
});

test('a broken protocol: what waits to be written never is, and is untaken', async () => {
  const { socket, endings, send } = await connectionWith(1);
  await turn();
  send();
  socket.emit('data', windowUpdate(0, 0));
  await turn();
  expect(endings).toEqual([[{ kind: 'failure', failure: 'protocol' }], ['untaken']]);
  expect(socket.sent.map(({ type }) => type)).toEqual([4, 4, 1, 0, 7]);
});

test('a socket that does not take what is written gets no more posts until it does', async () => {
  const { socket, connection, send } = await connectionWith(0, settings([4, 1_000_000]), 4_000);
  socket.emit('data', windowUpdate(0, 2 ** 30));
  await turn();
  socket.drain = () => undefined;
  for (let posts = 0; posts < 100; posts++) send();
  await turn();
  expect(connection.hasRoom).toBe(false);
  expect(connection.isSound).toBe(true);
  const { drain } = socket;
  socket.drain = undefined;
  drain();
  await turn();
  expect(connection.hasRoom).toBe(true);
});

test('after a timeout only the answer to our own PING ends the doubt', async () => {
  const { socket, connection, exchanges } = await connectionWith(2);
  await turn();
  exchanges[0]?.fail('timeout');
  await turn();
  expect(connection.hasRoom).toBe(false);
  expect(socket.sent.find(({ type }) => type === 3)).toMatchObject({ streamId: 1 });
  const ping = socket.sent.find(({ type }) => type === 6);
  socket.emit('data', Buffer.concat([created(3), frame(6, 1, 0, 'ff'.repeat(8))]));
  expect(connection.hasRoom).toBe(false);
  socket.emit('data', frame(6, 1, 0, ping?.payload));
  expect(connection.hasRoom).toBe(true);
});

test('the frames of one turn go out as one write', async () => {
  const { socket } = await connectionWith(50);
  const before = socket.written.length;
  await turn();
  expect(socket.written.length).toBe(before + 1);
  expect(socket.sent.filter(({ type }) => type === 1).length).toBe(50);
});

describe('a peer that asks for calm (RFC 9113 section 7)', () => {
  const enhanceYourCalm = 11;
  const internalError = 2;

  test.each([
    ['gets no further post on that connection', enhanceYourCalm, false],
    ['is not one that resets a stream for another reason', internalError, true],
  ])('%s', async (_what, code, hasRoom) => {
    const { socket, connection, endings } = await connectionWith(2);
    await turn();
    socket.emit('data', rstStream(1, code));
    await turn();
    expect(connection.hasRoom).toBe(hasRoom);
    expect(endings[0]).toEqual([{ kind: 'failure', failure: 'reset' }]);
    // what is under way may end
    socket.emit('data', created(3));
    await turn();
    expect(endings[1]).toMatchObject([{ status: 201 }]);
    expect(socket.destroyed).toBe(!hasRoom);
  });
});
