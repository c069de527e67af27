import fc from 'fast-check';
import { decodeHuffman, huffmanCodeLengths } from './hpackHuffman';

const decode = (hex: string): string => {
  const bytes = Buffer.from(hex, 'hex');
  return decodeHuffman(bytes, 0, bytes.length);
};

/** The code by its definition, as strings of bits: for the tests only. */
const codes: string[] = [];
let next = 0n;
let bits = 0;
for (const { length, symbol } of huffmanCodeLengths
  .map((length, symbol) => ({ length, symbol }))
  .sort((a, b) => a.length - b.length || a.symbol - b.symbol)) {
  next <<= BigInt(length - bits);
  bits = length;
  codes[symbol] = next.toString(2).padStart(length, '0');
  next += 1n;
}

function encode(bytes: Uint8Array): Buffer {
  const text = [...bytes].map((byte) => codes[byte]).join('');
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '1');
  return Buffer.from(padded.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}

test('the code is complete: 257 symbols, Kraft sum 1', () => {
  expect(huffmanCodeLengths.length).toBe(257);
  expect(huffmanCodeLengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
});

test.each([
  [0, '1111111111000'],
  [48, '00000'],
  [97, '00011'],
  [126, '1111111111101'],
  [195, '1111111111111110001'],
  [255, '11111111111111111111101110'],
  [256, '111111111111111111111111111111'],
])('symbol %i has the code of RFC 7541 appendix B', (symbol, code) => {
  expect(codes[symbol]).toBe(code);
});

test.each([
  ['', ''],
  ['f1e3c2e5f23a6ba0ab90f4ff', 'www.example.com'],
  ['a8eb10649cbf', 'no-cache'],
  ['25a849e95ba97d7f', 'custom-key'],
  ['6402', '302'],
  ['aec3771a4b', 'private'],
  ['d07abe941054d444a8200595040b8166e082a62d1bff', 'Mon, 21 Oct 2013 20:13:21 GMT'],
])('%s is %p', (hex, text) => {
  expect(decode(hex)).toBe(text);
});

test('any bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const coded = encode(bytes);
      expect(decodeHuffman(coded, 0, coded.length)).toBe(Buffer.from(bytes).toString('latin1'));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['the end of string', 'ffffffff'],
  ['the end of string behind a symbol', '1fffffffff'],
  ['eight bits of padding', '07ff'],
  ['padding of zeros', '00'],
  ['a symbol that is cut', 'fffe'],
])('%s is an error', (_name, hex) => {
  expect(() => decode(hex)).toThrow('Huffman');
});
