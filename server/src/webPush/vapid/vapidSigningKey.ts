import type { KeyObject } from 'node:crypto';

/** An application's VAPID key (RFC 8292), opened and ready to sign. */
export interface VapidSigningKey {
  /** Tells two keys apart; a key's id never changes hands. */
  readonly keyId: string | number;
  /** The uncompressed P-256 point, 65 bytes, base64url unpadded: the browsers' `applicationServerKey`. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  /** The `sub` claim, `mailto:` or `https:`; left out of the token when undefined (development only). */
  readonly subject?: string | undefined;
}
