import { createCipheriv, randomFillSync } from 'node:crypto';
import { maxPayloadBytes } from '../../model/pushPayload';
import { chosenKeyAgreement } from './chosenKeyAgreement';
import { deriveContentKeys } from './contentKeys';
import type { AgreedKey } from './keyAgreement';

const recordSize = 4096;
const saltBytes = 16;
const pointBytes = 65;
const headerBytes = saltBytes + 4 + 1 + pointBytes;
const tagBytes = 16;
const lastRecordDelimiter = 2;

/** The sender's half of one message: fresh for each, given only by tests. */
export interface SenderSecrets extends AgreedKey {
  /** 16 bytes. */
  readonly salt: Buffer;
}

/** Random bytes drawn 256 salts at a time; none is used twice. */
const saltPool = Buffer.alloc(saltBytes * 256);
let saltOffset = saltPool.length;

/**
 * Encrypts a payload for one push subscription (RFC 8291): a whole `aes128gcm` body, header and single record,
 * with an ephemeral key and salt of its own.
 *
 * @param plaintext at most 3993 bytes
 * @param p256dh the user agent's public key, 65 bytes uncompressed
 * @param auth the authentication secret, 16 bytes
 * @throws RangeError when the plaintext is beyond 3993 bytes or a key has the wrong length; Error when `p256dh` is
 *   no point of P-256
 */
export function encryptPayload(plaintext: Buffer, p256dh: Buffer, auth: Buffer): Buffer {
  checkLengths(plaintext.length, p256dh, auth);
  const { senderPublic, secret } = chosenKeyAgreement().agree(p256dh);
  return encryptWithSecrets(plaintext, p256dh, auth, { senderPublic, secret, salt: freshSalt() });
}

/**
 * `encryptPayload`, or undefined when that cannot be: keys are checked when a browser subscribes, so that only an
 * imported or damaged row comes to this.
 */
export function encryptOrRefuse(plaintext: Buffer, p256dh: Buffer, auth: Buffer): Buffer | undefined {
  try {
    return encryptPayload(plaintext, p256dh, auth);
  } catch {
    return undefined;
  }
}

/** `encryptPayload` with the agreed secret and salt given: for test vectors, where they are known. */
export function encryptWithSecrets(
  plaintext: Buffer,
  p256dh: Buffer,
  auth: Buffer,
  secrets: SenderSecrets,
): Buffer {
  checkLengths(plaintext.length, p256dh, auth);
  const { salt, senderPublic, secret } = secrets;
  const keys = deriveContentKeys(secret, auth, p256dh, senderPublic, salt);

  const tagOffset = headerBytes + plaintext.length + 1;
  const body = Buffer.allocUnsafe(tagOffset + tagBytes);
  writeHeader(body, salt, senderPublic);
  const record = body.subarray(headerBytes, tagOffset);
  plaintext.copy(record);
  record[plaintext.length] = lastRecordDelimiter;

  const cipher = createCipheriv('aes-128-gcm', keys.cek, keys.nonce);
  cipher.update(record).copy(record);
  cipher.final();
  cipher.getAuthTag().copy(body, tagOffset);
  return body;
}

/** RFC 8188 section 2.1. */
function writeHeader(body: Buffer, salt: Buffer, senderPublic: Buffer): void {
  salt.copy(body);
  body.writeUInt32BE(recordSize, saltBytes);
  body[saltBytes + 4] = pointBytes;
  senderPublic.copy(body, saltBytes + 5);
}

function checkLengths(plaintextBytes: number, p256dh: Buffer, auth: Buffer): void {
  if (plaintextBytes > maxPayloadBytes) {
    throw new RangeError(`A payload has at most ${maxPayloadBytes} bytes, this one ${plaintextBytes}`);
  }
  if (p256dh.length !== pointBytes || p256dh[0] !== 4) {
    throw new RangeError('p256dh is not an uncompressed point of 65 bytes');
  }
  if (auth.length !== 16) {
    throw new RangeError('auth is not 16 bytes');
  }
}

function freshSalt(): Buffer {
  if (saltOffset === saltPool.length) {
    randomFillSync(saltPool);
    saltOffset = 0;
  }
  const salt = saltPool.subarray(saltOffset, saltOffset + saltBytes);
  saltOffset += saltBytes;
  return salt;
}
