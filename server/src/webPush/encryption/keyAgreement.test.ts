import { createECDH } from 'node:crypto';
import { chosenKeyAgreement } from './chosenKeyAgreement';
import { agreesWithNode, type KeyAgreement, nodeKeyAgreement } from './keyAgreement';
import { opensslKeyAgreement } from './opensslKeyAgreement';

const engines: [string, () => KeyAgreement | undefined][] = [
  ['node', nodeKeyAgreement],
  ['openssl', opensslKeyAgreement],
];

describe.each(engines)('key agreement by %s', (_name, make) => {
  const agreement = make();
  const userAgentKey = () => createECDH('prime256v1').generateKeys();

  test('comes to the same secret as the other side', () => {
    expect(agreement && agreesWithNode(agreement)).toBe(true);
  });

  test('makes a new key pair each time', () => {
    const p256dh = userAgentKey();
    const keys = Array.from({ length: 50 }, () => agreement?.agree(p256dh).senderPublic.toString('hex'));
    expect(new Set(keys).size).toBe(50);
  });

  test.each([
    ['a point beside the curve', Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)])],
    ['the point at infinity', Buffer.of(0)],
    ['a cut point', userAgentKey().subarray(0, 64)],
  ])('refuses %s, and works on', (_what, bad) => {
    expect(() => agreement?.agree(bad)).toThrow();
    expect(agreement && agreesWithNode(agreement)).toBe(true);
  });
});

test('OpenSSL is chosen where it can be had', () => {
  expect(chosenKeyAgreement().engine).toBe('openssl');
});

test('an engine that answers wrongly is not trusted', () => {
  const wrong: KeyAgreement = {
    engine: 'openssl',
    agree: () => ({ senderPublic: createECDH('prime256v1').generateKeys(), secret: Buffer.alloc(32) }),
  };
  expect(agreesWithNode(wrong)).toBe(false);
});
