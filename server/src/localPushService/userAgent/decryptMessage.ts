import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';

/** The secrets of one push subscription, held by the user agent only. */
export interface SubscriptionKeys {
  /** P-256 private key, 32 bytes. */
  readonly privateKey: Buffer;
  /** P-256 public point, uncompressed, 65 bytes: `p256dh`. */
  readonly publicKey: Buffer;
  /** 16 bytes: `auth`. */
  readonly authSecret: Buffer;
}

export type Decryption = { readonly plaintext: Buffer } | { readonly failure: string };

const tagBytes = 16;

/**
 * Decrypts a push message as a browser does (RFC 8291, RFC 8188), from its own reading of the RFCs and
 * sharing no code with the sender. A message that does not decrypt gives the reason, never an exception.
 */
export function decryptMessage(body: Buffer, keys: SubscriptionKeys): Decryption {
  try {
    const { salt, senderKey, record } = splitBody(body);
    const ikm = inputKeyingMaterial(keys, senderKey);
    const contentKey = expand(ikm, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = expand(ikm, salt, 'Content-Encoding: nonce\0', 12);
    return { plaintext: withoutPadding(openRecord(record, contentKey, nonce)) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'unknown fault' };
  }
}

// RFC 8188 section 2.1: salt(16) | rs(4) | idlen(1) | keyid(idlen)
function splitBody(body: Buffer): { salt: Buffer; senderKey: Buffer; record: Buffer } {
  if (body.length < 21) throw new Error('Header is cut short');
  const recordSize = body.readUInt32BE(16);
  const keyIdEnd = 21 + body.readUInt8(20);
  const record = body.subarray(keyIdEnd);
  if (keyIdEnd !== 86) throw new Error('keyid is not a P-256 point');
  if (record.length < tagBytes + 1) throw new Error('Record is cut short');
  if (recordSize <= record.length) throw new Error('rs leaves more than one record');
  return { salt: body.subarray(0, 16), senderKey: body.subarray(21, keyIdEnd), record };
}

// RFC 8291 section 3.4
function inputKeyingMaterial(keys: SubscriptionKeys, senderKey: Buffer): Buffer {
  const receiver = createECDH('prime256v1');
  receiver.setPrivateKey(keys.privateKey);
  const sharedSecret = receiver.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.publicKey, senderKey]);
  return Buffer.from(hkdfSync('sha256', sharedSecret, keys.authSecret, info, 32));
}

function expand(ikm: Buffer, salt: Buffer, info: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', ikm, salt, info, bytes));
}

function openRecord(record: Buffer, contentKey: Buffer, nonce: Buffer): Buffer {
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(record.subarray(-tagBytes));
  return Buffer.concat([decipher.update(record.subarray(0, -tagBytes)), decipher.final()]);
}

// RFC 8188 section 2: the last record is delimited by 0x02, after which only zeros may follow
function withoutPadding(padded: Buffer): Buffer {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded[end] !== 0x02) throw new Error('Delimiter of the last record is not 0x02');
  return padded.subarray(0, end);
}
