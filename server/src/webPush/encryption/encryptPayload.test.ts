import { createECDH, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decrypt } from 'http_ece';
import { maxPayloadBytes } from '../../model/pushPayload';
import { deriveContentKeys } from './contentKeys';
import { encryptPayload, encryptWithSecrets } from './encryptPayload';

const b64 = (text: string): Buffer => Buffer.from(text, 'base64url');

/** RFC 8291 appendix A. */
const vector = {
  plaintext: 'When I grow up, I want to be a watermelon',
  asPrivate: b64('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  asPublic: b64('BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8'),
  uaPublic: b64('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  auth: b64('BTBZMqHH6r4Tts7J_aSIgg'),
  salt: b64('DGv6ra1nlYgDCS1FRnbzlw'),
  body:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w' +
    'EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

function vectorSender() {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(vector.asPrivate);
  return { secret: ecdh.computeSecret(vector.uaPublic), senderPublic: vector.asPublic, salt: vector.salt };
}

function userAgent() {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return { ecdh, p256dh: ecdh.getPublicKey(), auth: randomBytes(16) };
}

function open(body: Buffer, agent: ReturnType<typeof userAgent>): Buffer {
  return decrypt(body, { version: 'aes128gcm', privateKey: agent.ecdh, authSecret: agent.auth });
}

describe('the vector of RFC 8291 appendix A', () => {
  const ecdhSecret = vectorSender().secret;
  const keys = deriveContentKeys(ecdhSecret, vector.auth, vector.uaPublic, vector.asPublic, vector.salt);

  test.each([
    ['ecdh_secret', ecdhSecret, 'kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs'],
    ['PRK_key', keys.prkKey, 'Snr3JMxaHVDXHWJn5wdC52WjpCtd2EIEGBykDcZW32k'],
    ['IKM', keys.ikm, 'S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg'],
    ['PRK', keys.prk, '09_eUZGrsvxChDCGRCdkLiDXrReGOEVeSCdCcPBSJSc'],
    ['CEK', keys.cek, 'oIhVW04MRdy2XN9CiKLxTg'],
    ['NONCE', keys.nonce, '4h_95klXJ5E_qnoN'],
  ])('%s', (_name, value, expected) => {
    expect(value.toString('base64url')).toBe(expected);
  });

  test('the whole body', () => {
    const plaintext = Buffer.from(vector.plaintext);
    const body = encryptWithSecrets(plaintext, vector.uaPublic, vector.auth, vectorSender());
    expect(body.toString('base64url')).toBe(vector.body);
  });
});

describe('a user agent', () => {
  const agent = userAgent();

  test('decrypts every plaintext of 0 to 3993 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: maxPayloadBytes, size: 'max' }), (bytes) => {
        const body = encryptPayload(Buffer.from(bytes), agent.p256dh, agent.auth);
        expect(body.length).toBe(bytes.length + 103);
        expect(open(body, agent).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('decrypts text of every script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const body = encryptPayload(Buffer.from(text), agent.p256dh, agent.auth);
        expect(open(body, agent).toString()).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test('meets a new salt and a new key in every message', () => {
    const bodies = Array.from({ length: 600 }, () =>
      encryptPayload(Buffer.from('x'), agent.p256dh, agent.auth),
    );
    expect(new Set(bodies.map((body) => body.toString('hex', 0, 16))).size).toBe(600);
    expect(new Set(bodies.map((body) => body.toString('hex', 21, 86))).size).toBe(600);
  });
});

describe('what cannot be encrypted throws', () => {
  const { p256dh, auth } = userAgent();
  const offCurve = Buffer.from(p256dh);
  offCurve.writeUInt8(offCurve.readUInt8(64) ^ 1, 64);

  test.each([
    ['a plaintext of 3994 bytes', Buffer.alloc(3994), p256dh, auth],
    ['a compressed point', Buffer.alloc(1), p256dh.subarray(0, 33), auth],
    ['a point in hybrid form', Buffer.alloc(1), Buffer.concat([Buffer.of(6), p256dh.subarray(1)]), auth],
    ['an auth secret of 15 bytes', Buffer.alloc(1), p256dh, auth.subarray(1)],
  ])('%s: RangeError', (_name, plaintext, key, secret) => {
    expect(() => encryptPayload(plaintext, key, secret)).toThrow(RangeError);
  });

  test('a point that is not on the curve', () => {
    expect(() => encryptPayload(Buffer.alloc(1), offCurve, auth)).toThrow(/point/i);
  });

  test('and the next message is encrypted all the same', () => {
    expect(() => encryptPayload(Buffer.alloc(1), offCurve, auth)).toThrow();
    expect(encryptPayload(Buffer.alloc(1), p256dh, auth).length).toBe(104);
  });
});
