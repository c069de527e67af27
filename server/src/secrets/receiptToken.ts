import { createHmac, timingSafeEqual } from 'node:crypto';
import { blockLength, NumberPairCipher, readNumberPair } from '../model/ids/numberPairCipher';
import type { MasterSecret } from './masterSecret';

const macLength = 16;

/** Length of every receipt token in characters: fixed, so that the payload's size is known before it is sent. */
export const receiptTokenLength = 43;

/**
 * One-purpose tokens that let a service worker say what became of one delivery, without any key. Row numbers count what
 * all applications send, so tokens hold them encrypted.
 * Layout: base64url(AES-128(notification id (8) | subscription id (8)) | HMAC-SHA-256 of that, cut to 16 bytes).
 */
export class ReceiptTokens {
  readonly #macKey: Buffer;
  readonly #cipher: NumberPairCipher;
  readonly #readers: readonly Reader[];

  constructor(secret: MasterSecret) {
    this.#macKey = secret.deriveKey('receipt-token-mac');
    this.#cipher = cipherOf(secret.deriveKey('receipt-token-cipher'));
    this.#readers = readersFor(secret);
  }

  issue(notificationId: number, subscriptionId: number): string {
    const token = Buffer.allocUnsafe(blockLength + macLength);
    const block = this.#cipher.encrypt(notificationId, subscriptionId);
    block.copy(token);
    macOf(this.#macKey, block).copy(token, blockLength, 0, macLength);
    return token.toString('base64url');
  }

  /** The delivery a token speaks for; undefined when it was not issued by this installation. */
  read(token: string): { notificationId: number; subscriptionId: number } | undefined {
    if (token.length !== receiptTokenLength) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== blockLength + macLength) return undefined;
    const block = bytes.subarray(0, blockLength);
    const reader = this.#readers.find(({ macKey }) =>
      timingSafeEqual(macOf(macKey, block).subarray(0, macLength), bytes.subarray(blockLength)),
    );
    const ids = reader?.idsOf(block);
    return ids && { notificationId: ids[0], subscriptionId: ids[1] };
  }
}

/** How to read the tokens that are signed with one key. */
interface Reader {
  readonly macKey: Buffer;
  idsOf(block: Buffer): [notificationId: number, subscriptionId: number] | undefined;
}

/**
 * Earlier versions signed with a key of their own and did not encrypt: notifications with such a token may still be
 * displayed. The same again for the secret before, while it is being changed.
 */
function readersFor(secret: MasterSecret): Reader[] {
  const keysOf = [
    (purpose: string) => secret.deriveKey(purpose),
    (purpose: string) => secret.derivePreviousKey(purpose),
  ];
  return keysOf.flatMap((keyOf) => {
    const [macKey, cipherKey] = [keyOf('receipt-token-mac'), keyOf('receipt-token-cipher')];
    const plainMacKey = keyOf('receipt-token');
    if (!macKey || !cipherKey || !plainMacKey) return [];
    const cipher = cipherOf(cipherKey);
    return [
      { macKey, idsOf: (block) => cipher.decrypt(block) },
      { macKey: plainMacKey, idsOf: readNumberPair },
    ] satisfies Reader[];
  });
}

function cipherOf(key: Buffer): NumberPairCipher {
  return new NumberPairCipher(key.subarray(0, blockLength));
}

function macOf(key: Buffer, block: Buffer): Buffer {
  return createHmac('sha256', key).update(block).digest();
}
