import { createPrivateKey, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { generateVAPIDKeys, getVapidHeaders } from 'web-push';
import { VapidTokens, vapidAuthorization } from './vapidAuthorization';
import type { VapidSigningKey } from './vapidSigningKey';

const hourMs = 3_600_000;
const now = 1_700_000_000_000;
const origin = 'https://push.example.net';
const subject = 'mailto:push@example.com';

function publicJwk(publicKey: string): JsonWebKey {
  const point = Buffer.from(publicKey, 'base64url');
  return {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
}

function generateKey(keyId: number): VapidSigningKey & { privateScalar: string } {
  const { publicKey, privateKey } = generateVAPIDKeys();
  const jwk = { ...publicJwk(publicKey), d: privateKey };
  return {
    keyId,
    publicKey,
    privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
    subject,
    privateScalar: privateKey,
  };
}

/** Checks the signature with `k` and gives the parts of an `Authorization` value. */
function read(authorization: string) {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  const [, header = '', claims = '', signature = '', k = ''] = match ?? [];
  const key = createPublicKey({ key: publicJwk(k), format: 'jwk' });
  const valid = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { valid, header: json(header), claims: json(claims), k };
}

const key = generateKey(1);

test('the example of RFC 8292 section 2.4 verifies', () => {
  const example =
    'vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0' +
    'NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUf' +
    'nK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, ' +
    'k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
  expect(read(example).valid).toBe(true);
  // Header and claims come out byte for byte as in the example.
  const signed = example.slice(0, example.lastIndexOf('.'));
  expect(vapidAuthorization(origin, key, 1453523768).startsWith(`${signed}.`)).toBe(true);
});

test('a token verifies and says what the one of web-push says', () => {
  const ours = read(vapidAuthorization(origin, key, 1_700_043_200));
  const theirs = getVapidHeaders(
    origin,
    subject,
    key.publicKey,
    key.privateScalar,
    'aes128gcm',
    1_700_043_200,
  );
  expect(ours).toEqual(read(theirs.Authorization));
  expect(ours).toMatchObject({ valid: true, k: key.publicKey });
});

test('without a subject the token has no sub', () => {
  const { claims } = read(vapidAuthorization(origin, { ...key, subject: undefined }, 5));
  expect(claims).toEqual({ aud: origin, exp: 5 });
});

describe('a kept token', () => {
  test('lives 12 hours and serves for the first six, give or take the spread', () => {
    for (const random of [0, 0.5, 0.999]) {
      const tokens = new VapidTokens(() => random);
      const first = tokens.authorization(origin, key, now);
      const renewAt = now + 6 * hourMs + random * hourMs;
      expect(read(first).claims).toMatchObject({ exp: (now + 12 * hourMs) / 1000 });
      expect(tokens.authorization(origin, key, renewAt - 1)).toBe(first);
      expect(tokens.authorization(origin, key, renewAt + 1)).not.toBe(first);
    }
  });

  test('is one of its origin and key', () => {
    const tokens = new VapidTokens();
    const other = generateKey(2);
    const values = [
      tokens.authorization(origin, key, now),
      tokens.authorization('https://push.example.org', key, now),
      tokens.authorization(origin, other, now),
    ];
    expect(new Set(values).size).toBe(3);
    expect(tokens.authorization(origin, key, now)).toBe(values[0]);
    expect(read(values[1] ?? '').claims).toMatchObject({ aud: 'https://push.example.org' });
    expect(read(values[2] ?? '').k).toBe(other.publicKey);
  });

  test('is signed anew after the clock was set back', () => {
    const tokens = new VapidTokens();
    const first = tokens.authorization(origin, key, now);
    expect(tokens.authorization(origin, key, now - hourMs)).not.toBe(first);
  });

  test.each([
    ['fcm', 60_000],
    ['apple', hourMs],
  ])('of %s can be forgotten once it is %i ms old', (pushService, freshMs) => {
    const tokens = new VapidTokens();
    const first = tokens.authorization(origin, key, now);
    tokens.forget(pushService, origin, key.keyId, now + freshMs - 1);
    expect(tokens.authorization(origin, key, now + freshMs - 1)).toBe(first);
    tokens.forget(pushService, origin, 'another', now + freshMs);
    expect(tokens.authorization(origin, key, now + freshMs)).toBe(first);
    tokens.forget(pushService, origin, key.keyId, now + freshMs);
    expect(tokens.authorization(origin, key, now + freshMs)).not.toBe(first);
  });

  test('gives way when there are too many, the least used first', () => {
    const tokens = new VapidTokens(Math.random, 2);
    const kept = tokens.authorization(origin, key, now);
    const lost = tokens.authorization('https://a.example', key, now);
    expect(tokens.authorization(origin, key, now)).toBe(kept);
    tokens.authorization('https://b.example', key, now);
    expect(tokens.authorization(origin, key, now)).toBe(kept);
    expect(tokens.authorization('https://a.example', key, now)).not.toBe(lost);
  });
});
