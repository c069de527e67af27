/** Whatever bytes a peer sends, in whatever pieces: each post has one answer. */
import fc from 'fast-check';
import { closed, connectionWith, type Ending, turn } from '../../../../test/support/servers/handConnection';
import {
  block,
  frame,
  goaway,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../../../../test/support/servers/http2Bytes';

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
  frame(9, 0, 3, block(['retry-after', '5'])),
  frame(9, 4, 3, block(['x-wns-status', 'received'])),
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
      headers: { 'retry-after': '5', 'x-wns-status': 'received' },
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
    connection.sweep(performance.now() + 30_000);
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
