import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { MasterSecret } from './masterSecret';

const ivLength = 16;
const numberLength = 8;
/** Longer texts are not looked at. */
const maxCursorLength = 100;

/** The cursors of one list. */
export interface ListCursors {
  /** Equal positions have equal cursors. */
  seal(position: readonly number[]): string;
  /** The position behind a cursor; undefined if the cursor is not of this list. */
  open(cursor: string): number[] | undefined;
}

/**
 * Positions in a list are row numbers, which count the rows of all applications, so callers see them only encrypted.
 * The encryption is deterministic and authenticated (synthetic IV, as in AES-SIV): the IV is an HMAC over the list and
 * the position, so a cursor is only valid in the list it was made for.
 */
export class SealedCursors {
  readonly #keys: Keys;
  readonly #previousKeys: Keys | undefined;

  constructor(secret: MasterSecret) {
    this.#keys = { mac: secret.deriveKey('cursor-mac'), cipher: secret.deriveKey('cursor-cipher') };
    const [mac, cipher] = [secret.derivePreviousKey('cursor-mac'), secret.derivePreviousKey('cursor-cipher')];
    this.#previousKeys = mac && cipher && { mac, cipher };
  }

  /** @param scope what tells this list from all others: its name, its application, and what it is a list of */
  of(...scope: readonly (string | number)[]): ListCursors {
    const list = Buffer.from(`${JSON.stringify(scope)}\n`);
    return {
      seal: (position) => seal(this.#keys, list, position),
      open: (cursor) => {
        const bytes = bytesOf(cursor);
        if (!bytes) return undefined;
        return open(this.#keys, list, bytes) ?? (this.#previousKeys && open(this.#previousKeys, list, bytes));
      },
    };
  }
}

interface Keys {
  readonly mac: Buffer;
  readonly cipher: Buffer;
}

function seal(keys: Keys, list: Buffer, position: readonly number[]): string {
  const plain = Buffer.alloc(position.length * numberLength);
  position.forEach((value, index) => {
    plain.writeBigUInt64BE(BigInt(value), index * numberLength);
  });
  const iv = syntheticIv(keys, list, plain);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, iv);
  return Buffer.concat([iv, cipher.update(plain)]).toString('base64url');
}

function open(keys: Keys, list: Buffer, bytes: Buffer): number[] | undefined {
  const iv = bytes.subarray(0, ivLength);
  const plain = createDecipheriv('aes-256-ctr', keys.cipher, iv).update(bytes.subarray(ivLength));
  if (!timingSafeEqual(syntheticIv(keys, list, plain), iv)) return undefined;
  return Array.from({ length: plain.length / numberLength }, (_, index) =>
    Number(plain.readBigUInt64BE(index * numberLength)),
  );
}

function syntheticIv(keys: Keys, list: Buffer, plain: Buffer): Buffer {
  return createHmac('sha256', keys.mac).update(list).update(plain).digest().subarray(0, ivLength);
}

/** Undefined for text that no cursor looks like. */
function bytesOf(cursor: string): Buffer | undefined {
  if (cursor.length > maxCursorLength) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const length = bytes.length - ivLength;
  const isCursor = length > 0 && length % numberLength === 0 && bytes.toString('base64url') === cursor;
  return isCursor ? bytes : undefined;
}
