import { hkdfSync } from 'node:crypto';
import { decodeBlock, encodeBlock } from './base62';
import type { IdKind, IdScheme } from './idScheme';
import { blockLength, NumberPairCipher } from './numberPairCipher';

/**
 * Row numbers encrypted as one AES block, with a key for each kind: a delivery fills it with two numbers, all other
 * kinds with a zero and their number. Always 22 letters and digits.
 */
export class EncryptedIds implements IdScheme {
  readonly #ciphers: Readonly<Record<IdKind, NumberPairCipher>>;

  constructor(salt: string) {
    const cipherFor = (kind: IdKind) =>
      new NumberPairCipher(
        Buffer.from(hkdfSync('sha256', salt, Buffer.alloc(0), `fanfare:public-id:${kind}`, blockLength)),
      );
    this.#ciphers = {
      application: cipherFor('application'),
      apiKey: cipherFor('apiKey'),
      subscription: cipherFor('subscription'),
      notification: cipherFor('notification'),
      delivery: cipherFor('delivery'),
      dispatch: cipherFor('dispatch'),
      auditEntry: cipherFor('auditEntry'),
      vapidKey: cipherFor('vapidKey'),
    };
  }

  encode(kind: IdKind, numbers: readonly number[]): string {
    const [first = 0, second] = numbers;
    const cipher = this.#ciphers[kind];
    return encodeBlock(second === undefined ? cipher.encrypt(0, first) : cipher.encrypt(first, second));
  }

  decode(kind: IdKind, letters: string): number[] | undefined {
    const block = decodeBlock(letters);
    const pair = block && this.#ciphers[kind].decrypt(block);
    if (!pair || kind === 'delivery') return pair;
    return pair[0] === 0 ? [pair[1]] : undefined;
  }
}
