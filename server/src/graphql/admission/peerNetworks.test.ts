import { randomBytes } from 'node:crypto';
import { PeerNetworks, parseAddress } from './peerNetworks';

test.each([
  ['198.51.100.9', '198.51.100.9'],
  [' 198.51.100.9 ', '198.51.100.9'],
  ['198.51.100.9:4711', '198.51.100.9'],
  ['"198.51.100.9:4711"', '198.51.100.9'],
  ['[198.51.100.9]:80', '198.51.100.9'],
  ['::ffff:198.51.100.9', '198.51.100.9'],
  ['[::ffff:198.51.100.9]:443', '198.51.100.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['"[2001:db8::1]:443"', '2001:db8::1'],
  ['2001:DB8:0::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25eth0]:443', 'fe80::1'],
])('%j is %s', (text, address) => {
  expect(parseAddress(text)?.toString()).toBe(address);
});

const unreadable = [
  'unknown',
  '_hidden',
  '',
  ' ',
  'localhost',
  '1',
  '0x7f.1',
  '127.1',
  '256.1.1.1',
  '1.2.3.4.5',
];
test.each([
  ...unreadable,
  '[',
  '[]',
  '[]:1',
  '198.51.100.9:x',
  '198.51.100.9:123456',
  ':443',
  'for=1.2.3.4',
  undefined,
])('%j is not an address, and has no limit of its own', (text) => {
  expect(parseAddress(text)).toBeUndefined();
  expect(new PeerNetworks(randomBytes(32)).of(text).map(({ name }) => name)).toEqual(['unreadable']);
});

describe('the networks of an address', () => {
  const networks = new PeerNetworks(Buffer.alloc(32, 1));
  const namesOf = (address: string) => networks.of(address).map(({ name }) => name);
  const shared = (one: string, other: string) =>
    namesOf(one).filter((name) => namesOf(other).includes(name)).length;

  test.each([
    ['198.51.100.9', '198.51.100.9:4711', 2],
    ['198.51.100.9', '::ffff:198.51.100.9', 2],
    ['198.51.100.9', '198.51.100.10', 1],
    ['198.51.100.9', '198.51.101.9', 0],
    ['2001:db8:1:2::1', '2001:db8:1:2::2', 3],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 2],
    ['2001:db8:1:2::1', '2001:db8:1:102::1', 1],
    ['2001:db8:1:2::1', '2001:db8:2:2::1', 0],
  ])('%s and %s have %i in common', (one, other, count) => {
    expect(shared(one, other)).toBe(count);
  });

  test('are wider with larger limits, and known by no other key', () => {
    expect(networks.of('2001:db8::1').map(({ factor }) => factor)).toEqual([1, 4, 16]);
    expect(networks.of('198.51.100.9').map(({ subscribesOnly }) => subscribesOnly)).toEqual([false, true]);
    const elsewhere = new PeerNetworks(Buffer.alloc(32, 2)).of('198.51.100.9');
    expect(namesOf('198.51.100.9')).not.toContain(elsewhere[0]?.name);
    expect(namesOf('198.51.100.9').join()).not.toMatch(/198|51/);
  });
});
