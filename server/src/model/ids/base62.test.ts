import { randomBytes } from 'node:crypto';
import { blockDigits, decodeBlock, encodeBlock } from './base62';

test.each([
  ['zeros', Buffer.alloc(16), '0'.repeat(22)],
  ['one', Buffer.from('1'.padStart(32, '0'), 'hex'), '1'.padStart(22, '0')],
  ['62', Buffer.from('3e'.padStart(32, '0'), 'hex'), '10'.padStart(22, '0')],
  ['the largest block', Buffer.alloc(16, 0xff), '7n42DGM5Tflk9n8mt7Fhc7'],
])('%s', (_what, block, text) => {
  expect(encodeBlock(block)).toBe(text);
  expect(decodeBlock(text)).toEqual(block);
});

test('every block comes back', () => {
  for (let count = 0; count < 1_000; count += 1) {
    const block = randomBytes(16);
    expect(encodeBlock(block)).toHaveLength(blockDigits);
    expect(decodeBlock(encodeBlock(block))).toEqual(block);
  }
});

test.each([
  '',
  '0'.repeat(21),
  '0'.repeat(23),
  '7n42DGM5Tflk9n8mt7Fhc8',
  'z'.repeat(22),
  `${'0'.repeat(21)}-`,
])('"%s" is not a block', (text) => {
  expect(decodeBlock(text)).toBeUndefined();
});
