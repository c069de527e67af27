import { createECDH } from 'node:crypto';

/** What ECDH with a fresh key pair of ours gives. Both buffers are overwritten by the next agreement. */
export interface AgreedKey {
  /** Our ephemeral public key, uncompressed, 65 bytes. */
  readonly senderPublic: Buffer;
  /** The shared secret, 32 bytes. */
  readonly secret: Buffer;
}

/**
 * ECDH on P-256 (RFC 8291 section 3.1): a new key pair for every message, and the secret it shares with the user
 * agent's key.
 * @throws Error when `p256dh` is no point of the curve
 */
export interface KeyAgreement {
  readonly engine: 'openssl' | 'node';
  agree(p256dh: Buffer): AgreedKey;
}

const selfTests = 4;

/** Node's own: it checks its key pair anew at each secret, which costs as much as the secret itself. */
export function nodeKeyAgreement(): KeyAgreement {
  // one object for all messages: new keys in it cost 12 us, a new object 21
  const ecdh = createECDH('prime256v1');
  return {
    engine: 'node',
    agree: (p256dh) => ({ senderPublic: ecdh.generateKeys(), secret: ecdh.computeSecret(p256dh) }),
  };
}

/** The other side, played by Node, must come to the same secret. */
export function agreesWithNode(agreement: KeyAgreement): boolean {
  for (let test = 0; test < selfTests; test += 1) {
    const userAgent = createECDH('prime256v1');
    const { senderPublic, secret } = agreement.agree(userAgent.generateKeys());
    if (!userAgent.computeSecret(senderPublic).equals(secret)) return false;
  }
  return true;
}
