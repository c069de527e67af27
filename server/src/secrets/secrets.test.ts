import { createECDH, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { SignJWT, UnsecuredJWT } from 'jose';
import { generateVapidKeyPair } from '../webPush/vapid/vapidKeyPair';
import { derivedApiKeySecret, generateApiKeySecret, hashApiKeySecret } from './apiKeySecret';
import { MasterSecret } from './masterSecret';
import { PlaygroundPasses } from './playgroundPasses';
import { createMasterSecret, readMasterSecret } from './readMasterSecret';
import { ReceiptTokens, receiptTokenLength } from './receiptToken';
import { SealedBox } from './sealedBox';

const secret = new MasterSecret('a secret of at least thirty-two characters');
const otherSecret = new MasterSecret('another secret of thirty-two characters!');

describe('the master secret', () => {
  test('gives each purpose a key of its own, always the same', () => {
    expect(secret.deriveKey('a')).toEqual(secret.deriveKey('a'));
    expect(secret.deriveKey('a')).not.toEqual(secret.deriveKey('b'));
    expect(secret.deriveKey('a')).not.toEqual(otherSecret.deriveKey('a'));
    expect(secret.deriveKey('a')).toHaveLength(32);
  });

  test('does not show itself', () => {
    expect(JSON.stringify({ secret })).not.toContain('thirty-two');
  });

  test('is made once in the data directory, for its owner only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-secret-'));
    const settings = { secret: undefined, dataDir: join(folder, 'data') };
    expect(readMasterSecret(settings)).toBeUndefined();
    const first = createMasterSecret(settings);
    for (const again of [createMasterSecret(settings), readMasterSecret(settings)]) {
      expect(again?.deriveKey('x')).toEqual(first.deriveKey('x'));
    }
    const file = join(folder, 'data/secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toHaveLength(43);
    rmSync(folder, { recursive: true });
  });
});

describe('a sealed box', () => {
  const box = new SealedBox(secret, 'auth');
  const plain = randomBytes(16);

  test('opens what it sealed', () => {
    expect(box.open(box.seal(plain))).toEqual(plain);
  });

  test('seals the same thing differently each time, and never in clear', () => {
    const sealed = box.seal(plain);
    expect(sealed.equals(box.seal(plain))).toBe(false);
    expect(sealed.includes(plain)).toBe(false);
  });

  test.each([
    ['another secret', () => new SealedBox(otherSecret, 'auth').open(box.seal(plain))],
    ['another purpose', () => new SealedBox(secret, 'vapid').open(box.seal(plain))],
    ['a changed bit', () => box.open(flipped(box.seal(plain), 15))],
    ['a changed tag', () => box.open(flipped(box.seal(plain), 44))],
    ['an unknown version', () => box.open(flipped(box.seal(plain), 0))],
    ['a cut value', () => box.open(box.seal(plain).subarray(0, 20))],
    ['nothing', () => box.open(Buffer.alloc(0))],
  ])('is refused with %s', (_what, open) => {
    expect(open).toThrow();
  });
});

describe('receipt tokens', () => {
  const tokens = new ReceiptTokens(secret);

  test.each([
    [1, 1],
    [4_294_967_296, 4_294_967_295],
    [Number.MAX_SAFE_INTEGER, 7],
  ])('name notification %i and subscription %i', (notificationId, subscriptionId) => {
    const token = tokens.issue(notificationId, subscriptionId);
    expect(token).toHaveLength(receiptTokenLength);
    expect(tokens.read(token)).toEqual({ notificationId, subscriptionId });
  });

  const token = tokens.issue(12, 34);
  test.each([
    ['of another installation', new ReceiptTokens(otherSecret).issue(12, 34)],
    [
      'with another delivery written in',
      Buffer.from(flipped(Buffer.from(token, 'base64url'), 7)).toString('base64url'),
    ],
    [
      'with a changed signature',
      Buffer.from(flipped(Buffer.from(token, 'base64url'), 31)).toString('base64url'),
    ],
    ['that is cut', token.slice(0, -1)],
    ['that is too long', `${token}A`],
    ['of nonsense', '!'.repeat(receiptTokenLength)],
    ['of nothing', ''],
  ])('%s are refused', (_what, forged) => {
    expect(tokens.read(forged)).toBeUndefined();
  });
});

describe('receipt tokens of earlier versions, in notifications that are displayed late', () => {
  test('are accepted', () => {
    const early = 'AAAAAAAAAAwAAAAAAAAAInSIsX0-o5tYf4v1u8Bt96I';
    expect(new ReceiptTokens(secret).read(early)).toEqual({ notificationId: 12, subscriptionId: 34 });
    expect(new ReceiptTokens(otherSecret).read(early)).toBeUndefined();
  });

  test('are accepted after a change of the secret', () => {
    const early = 'AAAAAAAAAAwAAAAAAAAAIqvEZ61Axb6nVLidTag1ZN4';
    const changed = new MasterSecret(
      'the secret of today, thirty-two long',
      'the secret there was, thirty-two long',
    );
    expect(new ReceiptTokens(changed).read(early)).toEqual({ notificationId: 12, subscriptionId: 34 });
  });
});

test('receipt tokens of neighbouring deliveries share nothing', () => {
  const tokens = new ReceiptTokens(secret);
  const [one, next] = [tokens.issue(12, 34), tokens.issue(12, 35)].map((token) =>
    Buffer.from(token, 'base64url'),
  );
  const equalBytes = one?.filter((byte, index) => byte === next?.[index]).length;
  expect(equalBytes).toBeLessThan(6);
});

describe('API keys', () => {
  test.each([
    ['SECRET', /^fs_[\w-]{43}$/],
    ['PUBLISHABLE', /^fp_[\w-]{43}$/],
  ] as const)('%s keys tell their kind', (kind, shape) => {
    expect(generateApiKeySecret(kind)).toMatch(shape);
    expect(derivedApiKeySecret(secret, kind, 'demo')).toMatch(shape);
    expect(derivedApiKeySecret(secret, kind, 'demo')).toBe(derivedApiKeySecret(secret, kind, 'demo'));
  });

  test('only a hash is kept', () => {
    const key = generateApiKeySecret('SECRET');
    expect(hashApiKeySecret(key)).toHaveLength(32);
    expect(hashApiKeySecret(key).toString('latin1')).not.toContain(key);
  });
});

test('VAPID key pairs belong together, also when the scalar begins with zeros', () => {
  for (let count = 0; count < 300; count += 1) {
    const { publicKey, privateKey } = generateVapidKeyPair();
    expect(privateKey).toHaveLength(32);
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(privateKey);
    expect(ecdh.getPublicKey().toString('base64url')).toBe(publicKey);
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('a secret that is being changed', () => {
  const before = new MasterSecret('the secret there was, thirty-two long');
  const both = new MasterSecret(
    'the secret of today, thirty-two long',
    'the secret there was, thirty-two long',
  );

  test('opens with both, seals with the new one, and tells which it was', () => {
    const box = new SealedBox(both, 'auth');
    const old = new SealedBox(before, 'auth').seal(Buffer.from('auth'));
    expect(box.open(old)).toEqual(Buffer.from('auth'));
    expect(() => new SealedBox(before, 'auth').open(box.seal(Buffer.from('auth')))).toThrow();
    const fresh = box.reseal(old);
    expect(fresh && box.reseal(fresh)).toBeUndefined();
    expect(() => box.reseal(new SealedBox(otherSecret, 'auth').seal(Buffer.from('auth')))).toThrow();
  });

  test('takes the receipts of both and issues those of the new one', () => {
    const tokens = new ReceiptTokens(both);
    const old = new ReceiptTokens(before).issue(12, 34);
    expect(tokens.read(old)).toEqual({ notificationId: 12, subscriptionId: 34 });
    expect(tokens.issue(12, 34)).not.toBe(old);
    expect(new ReceiptTokens(before).read(tokens.issue(12, 34))).toBeUndefined();
  });

  test('is not shown by inspection', () => {
    expect(inspect({ both })).not.toContain('thirty-two');
    expect(JSON.stringify({ both })).not.toContain('thirty-two');
  });
});

describe('a pass to the playground', () => {
  const passes = new PlaygroundPasses(secret);

  afterEach(() => void jest.useRealTimers());

  test('opens for twelve hours, in every process with the secret', async () => {
    const pass = await passes.issue();
    const elsewhere = new PlaygroundPasses(secret);
    const inHours = async (hours: number) => {
      jest.useFakeTimers({ now: Date.now() + hours * 3_600_000, doNotFake: ['nextTick', 'queueMicrotask'] });
      const admits = await elsewhere.admits(pass);
      jest.useRealTimers();
      return admits;
    };
    expect([await inHours(0), await inHours(11.9), await inHours(12.1)]).toEqual([true, true, false]);
  });

  test.each([
    ['nothing', async () => ''],
    ['another installation', () => new PlaygroundPasses(otherSecret).issue()],
    [
      'a token for something else',
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setAudience('fanfare')
          .setExpirationTime('1h')
          .sign(secret.deriveKey('playground')),
    ],
    [
      'a pass for ever',
      () =>
        new SignJWT()
          .setProtectedHeader({ alg: 'HS256' })
          .setAudience('playground')
          .sign(secret.deriveKey('playground')),
    ],
    [
      'a pass without a signature',
      async () => new UnsecuredJWT().setAudience('playground').setExpirationTime('1h').encode(),
    ],
  ])('%s does not', async (_what, make) => {
    expect(await passes.admits(await make())).toBe(false);
  });
});
