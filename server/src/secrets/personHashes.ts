import { createHmac } from 'node:crypto';
import type { MasterSecret } from './masterSecret';

/**
 * Recognises users without keeping their ids: HMAC-SHA-256 over application and user id, with a key that is not in the
 * database.
 */
export class PersonHashes {
  readonly #key: Buffer;
  readonly #previousKey: Buffer | undefined;

  constructor(secret: MasterSecret) {
    this.#key = secret.deriveKey('erased-person');
    this.#previousKey = secret.derivePreviousKey('erased-person');
  }

  /** 32 bytes. */
  hash(applicationId: number, userId: string): Buffer {
    return hashOf(this.#key, applicationId, userId);
  }

  /** The same user under the secret of today and, while that is being changed, under the one before. */
  allHashes(applicationId: number, userId: string): Buffer[] {
    const today = this.hash(applicationId, userId);
    return this.#previousKey ? [today, hashOf(this.#previousKey, applicationId, userId)] : [today];
  }
}

function hashOf(key: Buffer, applicationId: number, userId: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([applicationId, userId]))
    .digest();
}
