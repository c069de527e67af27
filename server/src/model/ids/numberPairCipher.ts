import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Of a key and of a block, in bytes. */
export const blockLength = 16;

/**
 * AES-128 on a single block of two 64-bit numbers: each pair has one image, and images of neighbours have nothing in
 * common. A block cipher without a mode keeps no state from one block to the next, so one cipher object serves every
 * call; constructing one takes longer than the encryption.
 */
export class NumberPairCipher {
  readonly #cipher;
  readonly #decipher;
  readonly #block = Buffer.alloc(blockLength);

  constructor(key: Buffer) {
    this.#cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    this.#decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  }

  encrypt(first: number, second: number): Buffer {
    writeNumber(this.#block, first, 0);
    writeNumber(this.#block, second, 8);
    return this.#cipher.update(this.#block);
  }

  /** Undefined if a number is not a safe integer, as in nearly all blocks that were not encrypted with this key. */
  decrypt(block: Buffer): [first: number, second: number] | undefined {
    return readNumberPair(this.#decipher.update(block));
  }
}

/** Two numbers of 8 bytes, big endian. Undefined if one is not a safe integer. */
export function readNumberPair(block: Buffer): [first: number, second: number] | undefined {
  const [first, second] = [readNumber(block, 0), readNumber(block, 8)];
  return Number.isSafeInteger(first) && Number.isSafeInteger(second) ? [first, second] : undefined;
}

/** Without a BigInt: every delivery needs this. */
function writeNumber(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), offset);
  target.writeUInt32BE(value % 2 ** 32, offset + 4);
}

function readNumber(source: Buffer, offset: number): number {
  return source.readUInt32BE(offset) * 2 ** 32 + source.readUInt32BE(offset + 4);
}
