import { createECDH } from 'node:crypto';

/** A P-256 key pair for RFC 8292: the public point (65 bytes) as base64url, and the private scalar (32 bytes). */
export interface VapidKeyPair {
  readonly publicKey: string;
  readonly privateKey: Buffer;
}

export function generateVapidKeyPair(): VapidKeyPair {
  const ecdh = createECDH('prime256v1');
  const publicKey = ecdh.generateKeys().toString('base64url');
  const scalar = ecdh.getPrivateKey();
  // a scalar with leading zeros comes out short
  const privateKey = Buffer.concat([Buffer.alloc(32 - scalar.length), scalar]);
  return { publicKey, privateKey };
}
