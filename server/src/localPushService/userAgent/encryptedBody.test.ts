import { checkEncryptedBody } from './encryptedBody';

const aes128gcm = { 'content-encoding': 'aes128gcm' };
const point = Buffer.alloc(65, 7).fill(4, 0, 1);

function bodyWith({ rs = 4096, keyId = point, record = Buffer.alloc(17) } = {}): Buffer {
  const head = Buffer.alloc(21);
  head.writeUInt32BE(rs, 16);
  head.writeUInt8(keyId.length, 20);
  return Buffer.concat([head, keyId, record]);
}

it.each([
  ['nothing at all', Buffer.alloc(0), {}],
  ['the shortest record', bodyWith(), aes128gcm],
  ['exactly 4096 bytes', bodyWith({ rs: 4096, record: Buffer.alloc(4010) }), aes128gcm],
  ['rs just greater than the record', bodyWith({ rs: 18 }), aes128gcm],
])('takes %s', (_, body, headers) => {
  expect(() => checkEncryptedBody(body, headers)).not.toThrow();
});

it.each([
  ['4097 bytes', bodyWith({ record: Buffer.alloc(4011) }), aes128gcm, 413, 104],
  ['a body without encoding', bodyWith(), {}, 400, 110],
  ['gzip', bodyWith(), { 'content-encoding': 'gzip' }, 400, 110],
  ['two encodings', bodyWith(), { 'content-encoding': 'aes128gcm, gzip' }, 400, 110],
  ['an encoding of nothing', Buffer.alloc(0), aes128gcm, 400, 110],
  ['a legacy Crypto-Key', bodyWith(), { ...aes128gcm, 'crypto-key': 'dh=x' }, 400, 110],
  ['a legacy Encryption header', bodyWith(), { ...aes128gcm, encryption: 'salt=x' }, 400, 110],
  ['a header cut short', bodyWith().subarray(0, 80), aes128gcm, 400, 110],
  ['a record cut short', bodyWith({ record: Buffer.alloc(16) }), aes128gcm, 400, 110],
  ['a record as long as rs', bodyWith({ rs: 17 }), aes128gcm, 400, 110],
  ['no keyid', bodyWith({ keyId: Buffer.alloc(0), record: Buffer.alloc(90) }), aes128gcm, 400, 110],
  ['a compressed point', bodyWith({ keyId: Buffer.alloc(65, 2) }), aes128gcm, 400, 110],
])('refuses %s', (_, body, headers, status, errno) => {
  expect(() => checkEncryptedBody(body, headers)).toThrow(expect.objectContaining({ status, errno }));
});

it('refuses the VAPID key as the encryption key', () => {
  const check = () => checkEncryptedBody(bodyWith(), aes128gcm, point.toString('base64url'));
  expect(check).toThrow(expect.objectContaining({ status: 400, errno: 110 }));
});
