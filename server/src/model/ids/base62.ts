const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** So many digits at a time fit into a number. */
const chunkLength = 8;
const chunkSize = 62n ** BigInt(chunkLength);
const limit = 2n ** 128n;

/** Digits that 16 bytes need. */
export const blockDigits = 22;

/** 16 bytes as letters and digits, always 22: no punctuation, so that a double click selects the whole. */
export function encodeBlock(block: Buffer): string {
  const value = (block.readBigUInt64BE(0) << 64n) | block.readBigUInt64BE(8);
  return (
    encodeChunk(value / chunkSize ** 2n, blockDigits - 2 * chunkLength) +
    encodeChunk((value / chunkSize) % chunkSize, chunkLength) +
    encodeChunk(value % chunkSize, chunkLength)
  );
}

/** The 16 bytes that `encodeBlock` wrote like this; undefined for any other text. */
export function decodeBlock(text: string): Buffer | undefined {
  if (text.length !== blockDigits || /[^0-9A-Za-z]/.test(text)) return undefined;
  const value =
    decodeChunk(text.slice(0, -2 * chunkLength)) * chunkSize ** 2n +
    decodeChunk(text.slice(-2 * chunkLength, -chunkLength)) * chunkSize +
    decodeChunk(text.slice(-chunkLength));
  if (value >= limit) return undefined;
  const block = Buffer.allocUnsafe(16);
  block.writeBigUInt64BE(value >> 64n, 0);
  block.writeBigUInt64BE(BigInt.asUintN(64, value), 8);
  return block;
}

function encodeChunk(chunk: bigint, length: number): string {
  let rest = Number(chunk);
  let text = '';
  for (let count = 0; count < length; count += 1) {
    text = digits.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function decodeChunk(text: string): bigint {
  let chunk = 0;
  for (const digit of text) chunk = chunk * 62 + digits.indexOf(digit);
  return BigInt(chunk);
}
