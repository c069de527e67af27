import { createHmac } from 'node:crypto';

const keyInfoPrefix = Buffer.from('WebPush: info\0', 'latin1');
const cekInfo = Buffer.from('Content-Encoding: aes128gcm\0\x01', 'latin1');
const nonceInfo = Buffer.from('Content-Encoding: nonce\0\x01', 'latin1');

/** `key_info` of RFC 8291 section 3.3 followed by HKDF's counter byte; refilled on every call. */
const keyInfo = Buffer.alloc(keyInfoPrefix.length + 65 + 65 + 1, 1);
keyInfoPrefix.copy(keyInfo);

/** Every value on the way from the shared secret to the keys of the record, named as in RFC 8291. */
export interface ContentKeys {
  readonly prkKey: Buffer;
  readonly ikm: Buffer;
  readonly prk: Buffer;
  /** AES-128 key, 16 bytes. */
  readonly cek: Buffer;
  /** GCM nonce, 12 bytes. */
  readonly nonce: Buffer;
}

/**
 * RFC 8291 section 3.4: the record's key and nonce out of the ECDH secret. HKDF with outputs of one block is
 * two HMACs; written out, that takes a third of the time `hkdfSync` does.
 */
export function deriveContentKeys(
  ecdhSecret: Buffer,
  auth: Buffer,
  userAgentPublic: Buffer,
  senderPublic: Buffer,
  salt: Buffer,
): ContentKeys {
  userAgentPublic.copy(keyInfo, 14);
  senderPublic.copy(keyInfo, 79);
  const prkKey = hmac(auth, ecdhSecret);
  const ikm = hmac(prkKey, keyInfo);
  const prk = hmac(salt, ikm);
  const cek = hmac(prk, cekInfo).subarray(0, 16);
  const nonce = hmac(prk, nonceInfo).subarray(0, 12);
  return { prkKey, ikm, prk, cek, nonce };
}

function hmac(key: Buffer, data: Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
