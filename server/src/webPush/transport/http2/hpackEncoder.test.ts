import fc from 'fast-check';
import { HpackDecoder } from './hpackDecoder';
import { HpackEncoder, maxBlockBytes, repeatedFields } from './hpackEncoder';

type Values = ReadonlyArray<string | undefined>;

const target = Buffer.alloc(maxBlockBytes + 10);
const push: Values = [
  'push.example.org',
  `vapid t=${'e'.repeat(200)}, k=${'B'.repeat(87)}`,
  '86400',
  'normal',
  'application/octet-stream',
  'aes128gcm',
  '303',
  undefined,
  undefined,
];

function encode(encoder: HpackEncoder, path: string, values: Values): Buffer {
  const end = encoder.encode(path, values, target, 10);
  expect(end).toBeGreaterThan(0);
  return Buffer.from(target.subarray(10, end));
}

function decode(decoder: HpackDecoder, block: Buffer): string[] {
  const fields: string[] = [];
  decoder.decode(block, 0, block.length, ({ name, value }) => fields.push(`${name}: ${value}`));
  return fields;
}

function fieldsOf(path: string, values: Values): string[] {
  const repeated = repeatedFields.flatMap((name, i) =>
    values[i] === undefined ? [] : [`${name}: ${values[i]}`],
  );
  return [':method: POST', ':scheme: https', `:path: ${path}`, ...repeated];
}

test('a field costs its text once and then a byte; the path is never indexed', () => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const first = encode(encoder, '/push/1', push);
  expect(decode(decoder, first)).toEqual(fieldsOf('/push/1', push));
  expect(first.subarray(0, 11).toString('hex')).toBe('8387' + '1407' + '2f707573682f31');
  const second = encode(encoder, '/push/2', push);
  expect(second.length).toBe(2 + 9 + 7);
  expect(decode(decoder, second)).toEqual(fieldsOf('/push/2', push));
});

test.each([
  ['a line feed', { 1: 'a\nb' }],
  ['a carriage return', { 1: 'a\rb' }],
  ['a NUL', { 1: 'a\0b' }],
  ['a byte beyond ASCII', { 7: 'ä' }],
  ['a space before', { 2: ' 60' }],
  ['a space behind', { 2: '60 ' }],
  ['too much', { 1: 'x'.repeat(maxBlockBytes) }],
])('%s is refused, and the table stays as it is', (_name, fault) => {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder();
  const bad = Object.assign([...push], fault);
  expect(encoder.encode('/push', bad, target, 0)).toBe(-1);
  expect(decode(decoder, encode(encoder, '/push', push))).toEqual(fieldsOf('/push', push));
  expect(encoder.encode('/push', bad, target, 0)).toBe(-1);
  expect(decode(decoder, encode(encoder, '/push', push))).toEqual(fieldsOf('/push', push));
});

test.each(['', 'push', '/a b', '/a\r\nb', '/ä', `/${'x'.repeat(maxBlockBytes)}`])(
  'the path %p is refused',
  (path) => {
    expect(new HpackEncoder().encode(path, push, target, 0)).toBe(-1);
  },
);

test('a table of nothing holds nothing, and the peer is told of every change at the next block', () => {
  const encoder = new HpackEncoder();
  encode(encoder, '/', push);
  encoder.resize(0);
  const without = encode(encoder, '/', push);
  expect(without[0]).toBe(0x20);
  expect(encode(encoder, '/', push).length).toBe(without.length - 1);
  encoder.resize(100);
  encoder.resize(1 << 20);
  expect(encode(encoder, '/', push).subarray(0, 5).toString('hex')).toBe('3f45' + '3fe11f');
});

test('what the encoder keeps is what the peer has, whatever comes', () => {
  const value = fc.oneof(
    fc.constantFrom('a', 'b', 'normal', '60', '86400'),
    fc.stringMatching(/^[!-~]([ -~]{0,400}[!-~])?$/),
  );
  const post = fc.record({
    path: fc.stringMatching(/^\/[!-~]{0,200}$/),
    values: fc.tuple(...repeatedFields.map(() => fc.option(value, { nil: undefined }))),
    resizeTo: fc.option(fc.constantFrom(0, 50, 100, 600, 4096, 65_536), { nil: undefined, freq: 4 }),
  });
  fc.assert(
    fc.property(fc.array(post, { maxLength: 40 }), (posts) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder();
      for (const { path, values, resizeTo } of posts) {
        if (resizeTo !== undefined) encoder.resize(resizeTo);
        expect(decode(decoder, encode(encoder, path, values))).toEqual(fieldsOf(path, values));
      }
    }),
    { numRuns: 500 },
  );
});
