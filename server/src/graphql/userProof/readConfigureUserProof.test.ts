import { generateKeyPairSync } from 'node:crypto';
import { readConfigureUserProof } from './readConfigureUserProof';
import type { ConfigureUserProofInput } from './userProofTypes';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
const jwk = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

const withMember = (name: string, value = '"AAAA"') => jwk.replace(/}$/, `,"${name}":${value}}`);

describe('the keys that prove users', () => {
  test('are read; absent and null stay apart', () => {
    const secret = 'x'.repeat(32);
    expect(readConfigureUserProof({ required: true, sharedSecret: secret, publicKey: `${pem}\n` })).toEqual({
      required: true,
      sharedSecret: Buffer.from(secret),
      publicKey: pem,
    });
    // stored in one form, so that nothing else of a JWK comes along
    expect(readConfigureUserProof({ publicKey: jwk }).publicKey).toBe(pem);
    const annotated = JSON.stringify({ ...JSON.parse(jwk), note: 'anything' });
    expect(readConfigureUserProof({ publicKey: annotated }).publicKey).toBe(pem);
    expect(readConfigureUserProof({ sharedSecret: null })).toEqual({ sharedSecret: null });
  });

  test.each<[string, ConfigureUserProofInput, string]>([
    ['a short secret', { sharedSecret: 'x'.repeat(31) }, 'sharedSecret'],
    ['a long secret', { sharedSecret: 'x'.repeat(401) }, 'sharedSecret'],
    ['no key', { publicKey: 'nonsense' }, 'publicKey'],
    ['another curve', { publicKey: other.export({ type: 'spki', format: 'pem' }).toString() }, 'publicKey'],
    ['RSA', { publicKey: rsa.export({ type: 'spki', format: 'pem' }).toString() }, 'publicKey'],
    [
      'the private key',
      { publicKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      'publicKey',
    ],
    [
      'the private JWK',
      { publicKey: JSON.stringify(pair.privateKey.export({ format: 'jwk' })) },
      'publicKey',
    ],
    ...['d', '\\u0064', 'p', 'q', '\\u006b', 'oth'].map((name): [string, ConfigureUserProofInput, string] => [
      `a JWK with "${name}"`,
      { publicKey: withMember(name) },
      'publicKey',
    ]),
    ['a private member that a later one hides', { publicKey: withMember('d', '"x","d":null') }, 'publicKey'],
    ['a private key in a key set', { publicKey: `{"keys":[${withMember('d')}]}` }, 'publicKey'],
    ['a symmetric JWK', { publicKey: '{"kty":"oct","k":"AAAA"}' }, 'publicKey'],
  ])('%s is refused', (_name, input, field) => {
    expect(() => readConfigureUserProof(input)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', inputPath: ['input', field] }),
    );
  });

  test.each([['d'], ['\\u0064'], ['k']])('a private JWK with "%s" is named as one', (name) => {
    expect(() => readConfigureUserProof({ publicKey: withMember(name) })).toThrow(/private key/);
  });
});
