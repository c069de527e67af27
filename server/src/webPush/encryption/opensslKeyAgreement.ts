import type { KeyAgreement } from './keyAgreement';

type Pointer = unknown;

/** The functions of libcrypto that an agreement needs, as OpenSSL 1.1 and 3 declare them. */
interface LibCrypto {
  newKey(curve: number): Pointer;
  generateKey(key: Pointer): number;
  groupOf(key: Pointer): Pointer;
  publicKeyOf(key: Pointer): Pointer;
  newPoint(group: Pointer): Pointer;
  readPoint(group: Pointer, point: Pointer, bytes: Buffer, length: number, context: null): number;
  writePoint(
    group: Pointer,
    point: Pointer,
    form: number,
    bytes: Buffer,
    length: number,
    context: null,
  ): number;
  computeSecret(secret: Buffer, length: number, point: Pointer, key: Pointer, derive: null): number;
  clearErrors(): void;
}

const nidP256 = 415;
const uncompressed = 4;
const pointLength = 65;
const secretLength = 32;

/**
 * The OpenSSL inside the Node executable, called directly: half the price of Node's ECDH object, which checks its own
 * fresh key pair before every secret. Undefined where that cannot be done: no koffi for this platform, or a Node that
 * hides its OpenSSL. See docs/adr/0012-key-agreement-through-openssl.md.
 */
export function opensslKeyAgreement(): KeyAgreement | undefined {
  const crypto = loadLibCrypto();
  if (!crypto) return undefined;
  const key = crypto.newKey(nidP256);
  const group = crypto.groupOf(key);
  const point = crypto.newPoint(group);
  const senderPublic = Buffer.alloc(pointLength);
  const secret = Buffer.alloc(secretLength);
  const succeed = (done: boolean, what: string) => {
    if (done) return;
    // what stays in OpenSSL's queue would be blamed on Node's next call
    crypto.clearErrors();
    throw new Error(what);
  };
  return {
    engine: 'openssl',
    agree: (p256dh) => {
      const read = crypto.readPoint(group, point, p256dh, p256dh.length, null);
      succeed(read === 1, 'p256dh is no point of P-256');
      succeed(crypto.generateKey(key) === 1, 'No ephemeral key could be made');
      const written = crypto.writePoint(
        group,
        crypto.publicKeyOf(key),
        uncompressed,
        senderPublic,
        pointLength,
        null,
      );
      const agreed = crypto.computeSecret(secret, secretLength, point, key, null);
      succeed(written === pointLength && agreed === secretLength, 'The key agreement failed');
      return { senderPublic, secret };
    },
  };
}

function loadLibCrypto(): LibCrypto | undefined {
  try {
    // optional and native: a platform without it must still start
    const koffi = require('koffi') as typeof import('koffi');
    const self = koffi.load(null);
    return {
      newKey: self.func('void *EC_KEY_new_by_curve_name(int)'),
      generateKey: self.func('int EC_KEY_generate_key(void *)'),
      groupOf: self.func('void *EC_KEY_get0_group(void *)'),
      publicKeyOf: self.func('void *EC_KEY_get0_public_key(void *)'),
      newPoint: self.func('void *EC_POINT_new(void *)'),
      readPoint: self.func('int EC_POINT_oct2point(void *, void *, uint8_t *, size_t, void *)'),
      writePoint: self.func(
        'size_t EC_POINT_point2oct(void *, void *, int, _Out_ uint8_t *, size_t, void *)',
      ),
      computeSecret: self.func('int ECDH_compute_key(_Out_ uint8_t *, size_t, void *, void *, void *)'),
      clearErrors: self.func('void ERR_clear_error()'),
    };
  } catch {
    return undefined;
  }
}
