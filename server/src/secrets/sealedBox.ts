import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { MasterSecret } from './masterSecret';

const version = 1;
const nonceLength = 12;
const tagLength = 16;

/**
 * Encryption at rest: AES-256-GCM under a key derived for one purpose.
 * Layout of a sealed value: version (1) | nonce (12) | ciphertext | tag (16).
 */
export class SealedBox {
  readonly #key: Buffer;
  readonly #previousKey: Buffer | undefined;

  constructor(secret: MasterSecret, purpose: string) {
    this.#key = secret.deriveKey(`seal:${purpose}`);
    this.#previousKey = secret.derivePreviousKey(`seal:${purpose}`);
  }

  seal(plain: Buffer): Buffer {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([
      Buffer.of(version),
      nonce,
      cipher.update(plain),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** @throws Error when the value was sealed with another secret or has been changed */
  open(sealed: Buffer): Buffer {
    if (sealed.length < 1 + nonceLength + tagLength || sealed[0] !== version) {
      throw new Error('A sealed value has an unknown format.');
    }
    if (this.#previousKey === undefined) return openWith(this.#key, sealed);
    try {
      return openWith(this.#key, sealed);
    } catch {
      return openWith(this.#previousKey, sealed);
    }
  }

  /**
   * The same value sealed with the secret of today.
   * @returns undefined when it is already
   * @throws Error when neither secret opens it
   */
  reseal(sealed: Buffer): Buffer | undefined {
    try {
      openWith(this.#key, sealed);
      return undefined;
    } catch {
      return this.seal(this.open(sealed));
    }
  }
}

function openWith(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceLength));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const plain = decipher.update(sealed.subarray(1 + nonceLength, sealed.length - tagLength));
  decipher.final();
  return plain;
}
