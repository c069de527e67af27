import type { IncomingHttpHeaders } from 'node:http';
import { errno, PushRefusal } from '../pushRefusal';

/** The largest push message body that is taken, in bytes (RFC 8030 section 7.2). */
export const maxBodyBytes = 4096;

const saltBytes = 16;
const keyIdBytes = 65;
const headerBytes = saltBytes + 4 + 1 + keyIdBytes;
const leastRecordBytes = 17;

/**
 * Checks a push message body and the headers that describe it, without any key.
 * An empty body must come without Content-Encoding; any other must be aes128gcm in one record as
 * RFC 8291 section 4 lays it out. Refuses with 413/104 when too large, 400/110 otherwise.
 */
export function checkEncryptedBody(body: Buffer, headers: IncomingHttpHeaders, vapidKey?: string): void {
  if (body.length > maxBodyBytes) {
    throw new PushRefusal(413, errno.tooLarge, `Body is larger than ${maxBodyBytes} bytes`);
  }
  checkEncodingHeaders(body, headers);
  if (body.length > 0) checkLayout(body, vapidKey);
}

function checkEncodingHeaders(body: Buffer, headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'];
  if (headers['crypto-key'] !== undefined || headers.encryption !== undefined) {
    throw new PushRefusal(
      400,
      errno.encryption,
      'Crypto-Key and Encryption headers are not used with aes128gcm',
    );
  }
  if (body.length === 0 && encoding !== undefined) {
    throw new PushRefusal(400, errno.encryption, 'Content-Encoding given, but the body is empty');
  }
  if (body.length > 0 && encoding !== 'aes128gcm') {
    throw new PushRefusal(400, errno.encryption, 'Content-Encoding must be aes128gcm');
  }
}

function checkLayout(body: Buffer, vapidKey: string | undefined): void {
  if (body.length < headerBytes + leastRecordBytes) {
    throw new PushRefusal(400, errno.encryption, 'Body is too short for an aes128gcm header and record');
  }
  if (body[saltBytes + 4] !== keyIdBytes || body[saltBytes + 5] !== 0x04) {
    throw new PushRefusal(400, errno.encryption, 'keyid must be an uncompressed P-256 point of 65 bytes');
  }
  // RFC 8291 section 4: greater than plaintext + delimiter + padding + tag, which is one record
  if (body.readUInt32BE(saltBytes) <= body.length - headerBytes) {
    throw new PushRefusal(400, errno.encryption, 'rs must be greater than the length of the only record');
  }
  const keyId = body.toString('base64url', saltBytes + 5, headerBytes);
  // RFC 8292 section 3.2: the signing key must not serve as the encryption key
  if (keyId === vapidKey) throw new PushRefusal(400, errno.encryption, 'VAPID key was used for encryption');
}
