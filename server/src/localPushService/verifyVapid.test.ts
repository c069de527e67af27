import { createECDH, createPrivateKey, sign } from 'node:crypto';
import { VapidVerifier } from './verifyVapid';

const origin = 'https://push.example.net';
const nowSeconds = 1_453_500_000;
const goodClaims = { aud: origin, exp: nowSeconds + 3600, sub: 'mailto:push@example.org' };
const es256 = { typ: 'JWT', alg: 'ES256' };

const pair = createECDH('prime256v1');
const publicKey = pair.generateKeys().toString('base64url');
const signingKey = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    d: pair.getPrivateKey().toString('base64url'),
    x: pair.getPublicKey().toString('base64url', 1, 33),
    y: pair.getPublicKey().toString('base64url', 33),
  },
});
const otherKey = createECDH('prime256v1').generateKeys().toString('base64url');

// section 2.4 of RFC 8292
const rfcToken =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA';
const rfcKey = 'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function tokenOf(claims: object = goodClaims, header: object = es256): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: signingKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

function check(authorization: string | undefined, subscriptionKey: string | undefined = publicKey) {
  return new VapidVerifier(() => nowSeconds * 1000).check(authorization, origin, subscriptionKey);
}

it.each([
  ['as RFC 8292 prints it', `vapid t=${rfcToken}, k=${rfcKey}`, rfcKey],
  ['of our own', `vapid t=${tokenOf()}, k=${publicKey}`, publicKey],
  ['with k first and no blank', `vapid k=${publicKey},t=${tokenOf()}`, publicKey],
  ['with another case of the scheme', `Vapid t=${tokenOf()}, k=${publicKey}`, publicKey],
  [
    'with an https subject',
    `vapid t=${tokenOf({ ...goodClaims, sub: 'https://example.org/' })}, k=${publicKey}`,
    publicKey,
  ],
  [
    'of just 24 hours',
    `vapid t=${tokenOf({ ...goodClaims, exp: nowSeconds + 86_400 })}, k=${publicKey}`,
    publicKey,
  ],
])('takes a token %s', (_, authorization, key) => {
  expect(check(authorization, key)).toBe(key);
});

it('asks for no token when the subscription is bound to no key', () => {
  expect(new VapidVerifier().check(undefined, origin, undefined)).toBeUndefined();
});

const [header, , signature] = tokenOf().split('.');
const forged = `${header}.${encode({ ...goodClaims, sub: 'mailto:else@example.org' })}.${signature}`;

const flawed: [string, string | undefined][] = [
  ['nothing', undefined],
  ['an empty header', ''],
  ['the legacy scheme', `WebPush ${tokenOf()}`],
  ['no key', `vapid t=${tokenOf()}`],
  ['no token', `vapid k=${publicKey}`],
  ['a padded key', `vapid t=${tokenOf()}, k=${publicKey}=`],
  ['a key of the wrong length', `vapid t=${tokenOf()}, k=${publicKey.slice(0, 80)}`],
  ['a point off the curve', `vapid t=${tokenOf()}, k=${Buffer.alloc(65, 4).toString('base64url')}`],
  ["another sender's key", `vapid t=${tokenOf()}, k=${otherKey}`],
  ['two parts', `vapid t=${tokenOf().split('.').slice(0, 2).join('.')}, k=${publicKey}`],
  ['claims that were not signed', `vapid t=${forged}, k=${publicKey}`],
  ['an empty signature', `vapid t=${header}.${encode(goodClaims)}., k=${publicKey}`],
  ['another algorithm', `vapid t=${tokenOf(goodClaims, { alg: 'HS256' })}, k=${publicKey}`],
  [
    'another audience',
    `vapid t=${tokenOf({ ...goodClaims, aud: 'https://push.example.com' })}, k=${publicKey}`,
  ],
  ['an audience with a slash', `vapid t=${tokenOf({ ...goodClaims, aud: `${origin}/` })}, k=${publicKey}`],
  ['no exp', `vapid t=${tokenOf({ ...goodClaims, exp: undefined })}, k=${publicKey}`],
  ['exp as text', `vapid t=${tokenOf({ ...goodClaims, exp: String(nowSeconds + 60) })}, k=${publicKey}`],
  ['exp just reached', `vapid t=${tokenOf({ ...goodClaims, exp: nowSeconds })}, k=${publicKey}`],
  ['exp beyond 24 hours', `vapid t=${tokenOf({ ...goodClaims, exp: nowSeconds + 86_401 })}, k=${publicKey}`],
  ['no sub', `vapid t=${tokenOf({ ...goodClaims, sub: undefined })}, k=${publicKey}`],
  ['an http subject', `vapid t=${tokenOf({ ...goodClaims, sub: 'http://example.org' })}, k=${publicKey}`],
  ['a bare address', `vapid t=${tokenOf({ ...goodClaims, sub: 'push@example.org' })}, k=${publicKey}`],
  ['an empty mailto', `vapid t=${tokenOf({ ...goodClaims, sub: 'mailto:' })}, k=${publicKey}`],
];

it.each(flawed)('refuses %s', (_, authorization) => {
  expect(() => check(authorization)).toThrow(expect.objectContaining({ status: 401, errno: 109 }));
});

it('refuses a good token of a key that the subscription is not bound to', () => {
  expect(() => check(`vapid t=${tokenOf()}, k=${publicKey}`, otherKey)).toThrow(/applicationServerKey/);
});

it('verifies a token once, and still sees it expire', () => {
  let nowMs = nowSeconds * 1000;
  const verifier = new VapidVerifier(() => nowMs);
  const authorization = `vapid t=${tokenOf()}, k=${publicKey}`;
  verifier.check(authorization, origin, publicKey);
  verifier.check(authorization, origin, publicKey);
  expect(verifier.tokensVerified).toBe(1);
  expect(() => verifier.check(authorization, 'https://elsewhere.example', publicKey)).toThrow(/aud/);
  nowMs += 3_600_000;
  expect(() => verifier.check(authorization, origin, publicKey)).toThrow(/expired/);
});
