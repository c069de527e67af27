import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MasterSecret } from './masterSecret';

const idsLength = 16;
const macLength = 16;

/** Length of every receipt token in characters: fixed, so that the payload's size is known before it is sent. */
export const receiptTokenLength = 43;

/**
 * One-purpose tokens that let a service worker say what became of one delivery, without any key.
 * Layout: base64url(notification id (8) | subscription id (8) | HMAC-SHA-256 cut to 16 bytes), 43 characters.
 */
export class ReceiptTokens {
  readonly #key: Buffer;
  readonly #previousKey: Buffer | undefined;

  constructor(secret: MasterSecret) {
    this.#key = secret.deriveKey('receipt-token');
    this.#previousKey = secret.derivePreviousKey('receipt-token');
  }

  issue(notificationId: number, subscriptionId: number): string {
    const token = Buffer.allocUnsafe(idsLength + macLength);
    writeId(token, notificationId, 0);
    writeId(token, subscriptionId, 8);
    macOf(this.#key, token.subarray(0, idsLength)).copy(token, idsLength, 0, macLength);
    return token.toString('base64url');
  }

  /** The delivery a token speaks for; undefined when it was not issued by this installation. */
  read(token: string): { notificationId: number; subscriptionId: number } | undefined {
    if (token.length !== receiptTokenLength) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== idsLength + macLength) return undefined;
    if (!isIssuedWith(this.#key, bytes) && !(this.#previousKey && isIssuedWith(this.#previousKey, bytes))) {
      return undefined;
    }
    return {
      notificationId: Number(bytes.readBigUInt64BE(0)),
      subscriptionId: Number(bytes.readBigUInt64BE(8)),
    };
  }
}

function isIssuedWith(key: Buffer, token: Buffer): boolean {
  const mac = macOf(key, token.subarray(0, idsLength)).subarray(0, macLength);
  return timingSafeEqual(mac, token.subarray(idsLength));
}

function macOf(key: Buffer, ids: Buffer): Buffer {
  return createHmac('sha256', key).update(ids).digest();
}

/** 8 bytes, big endian, without a BigInt: this is on the way of every delivery. */
function writeId(target: Buffer, id: number, offset: number): void {
  target.writeUInt32BE(Math.floor(id / 2 ** 32), offset);
  target.writeUInt32BE(id % 2 ** 32, offset + 4);
}
