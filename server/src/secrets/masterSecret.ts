import { hkdfSync } from 'node:crypto';

/**
 * The installation's one secret (`FANFARE_SECRET`), from which every purpose gets a key of its own, so that
 * a key leaked in one place opens nothing else.
 */
export class MasterSecret {
  readonly #secret: Buffer;

  constructor(secret: string) {
    this.#secret = Buffer.from(secret, 'utf8');
  }

  /** A 32-byte key for one purpose (HKDF-SHA-256, RFC 5869). The same purpose always gives the same key. */
  deriveKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, Buffer.alloc(0), `fanfare:${purpose}`, 32));
  }

  /** Keeps the secret out of logs and inspection. */
  toJSON(): string {
    return '[secret]';
  }
}
