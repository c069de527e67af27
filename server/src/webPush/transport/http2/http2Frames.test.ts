import fc from 'fast-check';
import { Http2Error, http2ErrorCodes } from './http2Error';
import { FrameReader, frameTypes, maxFrameBytes, writeFrameHead } from './http2Frames';

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

function bytesOf({ type, flags, streamId, payload }: Frame): Buffer {
  const head = Buffer.alloc(9);
  writeFrameHead(head, 0, payload.length, type, flags, streamId);
  return Buffer.concat([head, payload]);
}

function readAll(chunks: Iterable<Buffer>): Frame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader({
    onFrame: (type, flags, streamId, buffer, start, end) =>
      frames.push({ type, flags, streamId, payload: Buffer.from(buffer.subarray(start, end)) }),
  });
  for (const chunk of chunks) reader.read(chunk);
  return frames;
}

/** Cut at the given places, each a share of the whole. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(at[i - 1] ?? 0, end));
}

const anyFrame = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  flags: fc.integer({ min: 0, max: 255 }),
  streamId: fc.integer({ min: 0, max: 0x7fffffff }),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});

test('a frame head is written as RFC 9113 section 4.1 draws it', () => {
  const head = Buffer.alloc(9);
  expect(writeFrameHead(head, 0, 0x012345, frameTypes.headers, 0x25, 0x7abbccdd)).toBe(9);
  expect(head.toString('hex')).toBe('01234501257abbccdd');
});

test('the reserved bit before a stream id is passed over', () => {
  const bytes = Buffer.from('0000000400ffffffff', 'hex');
  expect(readAll([bytes])).toEqual([{ type: 4, flags: 0, streamId: 0x7fffffff, payload: Buffer.alloc(0) }]);
});

test('frames come out whole however their bytes come in', () => {
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 8 }), places, (frames, at) => {
      expect(readAll(cut(Buffer.concat(frames.map(bytesOf)), at))).toEqual(frames);
    }),
    { numRuns: 1_000 },
  );
});

test('byte by byte, the longest frame too', () => {
  const frames = [
    { type: 0, flags: 1, streamId: 1, payload: Buffer.alloc(maxFrameBytes, 7) },
    { type: 6, flags: 0, streamId: 0, payload: Buffer.from('12345678') },
  ];
  const bytes = Buffer.concat(frames.map(bytesOf));
  expect(readAll([...bytes].map((byte) => Buffer.from([byte])))).toEqual(frames);
});

test.each([
  ['at once', [9]],
  ['in pieces', [3, 9]],
])('a frame that is too long is refused by its head, %s', (_name, cuts) => {
  const head = Buffer.alloc(9);
  writeFrameHead(head, 0, maxFrameBytes + 1, 0, 0, 1);
  const chunks = cuts.map((end, i) => head.subarray(cuts[i - 1] ?? 0, end));
  expect(() => readAll(chunks)).toThrow(Http2Error);
  expect(() => readAll(chunks)).toThrow(
    expect.objectContaining({ http2Code: http2ErrorCodes.frameSizeError }),
  );
});

test('a reader that was stopped reads no more', () => {
  const ping = bytesOf({ type: 6, flags: 0, streamId: 0, payload: Buffer.alloc(8) });
  let seen = 0;
  const reader = new FrameReader({
    onFrame: () => {
      seen += 1;
      reader.stop();
    },
  });
  reader.read(Buffer.concat([ping, ping, ping.subarray(0, 4)]));
  reader.read(ping);
  expect(seen).toBe(1);
});
