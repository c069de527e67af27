import { hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * The installation's one secret (`FANFARE_SECRET`), from which every purpose gets a key of its own, so that
 * a key leaked in one place opens nothing else. While it is being changed the one before still opens.
 */
export class MasterSecret {
  readonly #secret: Buffer;
  readonly #previous: Buffer | undefined;

  /** @param previous what the secret was before (`FANFARE_SECRET_PREVIOUS`) */
  constructor(secret: string, previous?: string) {
    this.#secret = Buffer.from(secret, 'utf8');
    this.#previous = previous === undefined ? undefined : Buffer.from(previous, 'utf8');
  }

  /** A 32-byte key for one purpose (HKDF-SHA-256, RFC 5869). The same purpose always gives the same key. */
  deriveKey(purpose: string): Buffer {
    return derive(this.#secret, purpose);
  }

  /** The key of the same purpose out of the secret before, to open and verify with, never to seal or sign. */
  derivePreviousKey(purpose: string): Buffer | undefined {
    return this.#previous && derive(this.#previous, purpose);
  }

  /** Keeps the secret out of logs and inspection. */
  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** A secret that nobody has had before: 256 random bits. */
export function newSecretText(): string {
  return randomBytes(32).toString('base64url');
}

function derive(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `fanfare:${purpose}`, 32));
}
