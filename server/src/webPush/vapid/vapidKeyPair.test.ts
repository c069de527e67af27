import { generateVapidKeyPair, readVapidKeyPair } from './vapidKeyPair';

const pair = generateVapidKeyPair();
const other = generateVapidKeyPair();
const scalar = pair.privateKey.toString('base64url');
const json = (publicKey: unknown, privateKey: unknown) => JSON.stringify({ publicKey, privateKey });

test('a pair is read as it was generated', () => {
  expect(readVapidKeyPair(json(pair.publicKey, scalar))).toEqual(pair);
});

test.each([
  ['no JSON', 'publicKey'],
  ['no object', '[]'],
  ['no private key', json(pair.publicKey, undefined)],
  ['keys that do not belong together', json(other.publicKey, scalar)],
  ['a compressed public key', json(Buffer.alloc(33, 2).toString('base64url'), scalar)],
  ['a short private key', json(pair.publicKey, scalar.slice(2))],
  ['a private key outside the curve', json(pair.publicKey, Buffer.alloc(32, 0xff).toString('base64url'))],
])('%s is refused', (_what, text) => {
  expect(() => readVapidKeyPair(text)).toThrow(/^Not a VAPID key pair/);
});
