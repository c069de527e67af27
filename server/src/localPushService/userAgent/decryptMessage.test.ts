import { createCipheriv } from 'node:crypto';
import { decryptMessage } from './decryptMessage';

const bytes = (text: string) => Buffer.from(text, 'base64url');

// appendix A of RFC 8291
const keys = {
  privateKey: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
  publicKey: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  authSecret: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
};
const body = bytes(
  'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
);
const contentKey = bytes('oIhVW04MRdy2XN9CiKLxTg');
const nonce = bytes('4h_95klXJ5E_qnoN');

/** The vector's message with another plaintext, delimiter and padding, encrypted with its own keys. */
function recordWith(padded: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  return Buffer.concat([body.subarray(0, 86), cipher.update(padded), cipher.final(), cipher.getAuthTag()]);
}

function changed(change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(body);
  change(copy);
  return copy;
}

it.each([
  ['the vector of RFC 8291', body, 'When I grow up, I want to be a watermelon'],
  ['a padded message', recordWith(Buffer.from('short\x02\0\0\0\0')), 'short'],
  ['text that ends in zeros', recordWith(Buffer.from('zeros\0\0\x02')), 'zeros\0\0'],
  ['an empty text', recordWith(Buffer.from('\x02')), ''],
])('decrypts %s', (_, message, plaintext) => {
  expect(decryptMessage(message, keys)).toEqual({ plaintext: Buffer.from(plaintext) });
});

it.each([
  ['the delimiter of a record that is not the last', recordWith(Buffer.from('more\x01'))],
  ['no delimiter', recordWith(Buffer.from('bare'))],
  ['nothing but zeros', recordWith(Buffer.alloc(4))],
  ['a changed byte', changed((copy) => copy.fill(0, 100, 101))],
  ['a changed tag', changed((copy) => copy.fill(0, 143))],
  ['rs for several records', changed((copy) => copy.writeUInt32BE(58, 16))],
  ['a sender key off the curve', changed((copy) => copy.fill(1, 30, 40))],
  ['a keyid of another length', changed((copy) => copy.writeUInt8(64, 20))],
  ['a body cut short', body.subarray(0, 100)],
  ['next to nothing', body.subarray(0, 10)],
])('gives a reason for %s', (_, message) => {
  expect(decryptMessage(message, keys)).toEqual({ failure: expect.any(String) });
});

it('does not decrypt with another auth secret', () => {
  expect(decryptMessage(body, { ...keys, authSecret: Buffer.alloc(16) })).toHaveProperty('failure');
});
