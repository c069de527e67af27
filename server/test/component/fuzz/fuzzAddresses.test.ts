/** Where requests come from, as proxies and liars write it: every request is counted, and a person only once. */
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { PeerNetworks } from '../../../src/graphql/admission/peerNetworks';
import type { RateBucket, RateLimiter } from '../../../src/graphql/admission/rateLimiter';
import { countRequest, defaultRateLimits } from '../../../src/graphql/admission/rateRules';
import { Peers } from '../../../src/http/peers';
import { silentLog } from '../../../src/observe/log';
import { hostileText } from '../../support/api/graphqlArbitrary';
import { fuzzRuns as numRuns } from '../../support/fuzzRuns';

const networks = new PeerNetworks(Buffer.alloc(32, 1));

interface Sent {
  readonly remoteAddress: string | undefined;
  readonly headers: Record<string, string | string[]>;
  readonly trustedProxies: number;
  readonly httpVersion: string;
}

const networksOf = ({ remoteAddress, headers, trustedProxies, httpVersion }: Sent) =>
  new Peers({ networks, trustedProxies, log: silentLog }).networksOf({
    ...{ headers, httpVersion, socket: { remoteAddress } },
  } as unknown as IncomingMessage);

const octet = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 255));
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const groups = fc.array(fc.oneof(fc.nat(0xffff), fc.constant(0)), { minLength: 8, maxLength: 8 });
const loopback = fc.constantFrom('127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1');
const hex = (group: number) => group.toString(16);
const inFull = (all: readonly number[]) => all.map((group) => hex(group).padStart(4, '0')).join(':');

/** Text in which a hop may be written, rightly and wrongly. */
const hop = fc.oneof(
  ipv4,
  loopback,
  groups.map(inFull),
  ipv4.map((address) => `${address}:4711`),
  groups.map((all) => `"[${inFull(all)}]:443"`),
  fc.constantFrom(
    'unknown',
    '_hidden',
    '',
    ' ',
    '1',
    '0x7f.1',
    '127.1',
    '[',
    '[]',
    '"',
    ':',
    '::',
    '%',
    ',',
    '\\',
  ),
  fc.constantFrom(
    'localhost',
    '[::1',
    '::1]',
    '127.0.0.1.',
    '127.0.0.1:x',
    '1.2.3.4:',
    '::ffff:1.2.3',
    'fe80::1%a',
  ),
  hostileText,
);
const headerText = fc.array(hop, { maxLength: 4 }).map((hops) => hops.join(', '));
const proxyHeader = fc.constantFrom(
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip'],
);
const plainHeader = fc.constantFrom('host', 'user-agent', 'x-forward', 'origin', '__proto__');
const headers = fc
  .tuple(
    fc.dictionary(plainHeader, headerText, { maxKeys: 2 }),
    fc.oneof(
      fc.constant({}),
      fc.dictionary(proxyHeader, fc.oneof(headerText, fc.array(headerText)), { maxKeys: 2 }),
    ),
  )
  .map(([plain, proxy]) => ({ plain, proxy }));

test('only a program on this machine that no proxy stands in front of is not counted', async () => {
  const sent = fc.record({
    remoteAddress: fc.oneof(loopback, ipv4, groups.map(inFull), fc.constant(undefined)),
    headers,
    trustedProxies: fc.nat(3),
    httpVersion: fc.constantFrom('1.1', '1.1', '1.0'),
  });
  const operations = fc.array(fc.constantFrom('subscribe', 'recordReceipt', 'viewer', ''), { maxLength: 3 });
  const property = fc.asyncProperty(
    sent,
    operations,
    async ({ headers: { plain, proxy }, ...from }, asked) => {
      const peers = networksOf({ ...from, headers: { ...plain, ...proxy } });
      const isPlain = Object.keys(proxy).length === 0 && from.httpVersion === '1.1';
      const isOwn = isPlain && isThisMachine(from.remoteAddress);
      expect([from, peers.length === 0]).toEqual([from, isOwn]);
      const taken = await countedBy({ networks: peers, operations: asked });
      expect(taken.some(({ name }) => name.startsWith('address:'))).toBe(!isOwn);
    },
  );
  await fc.assert(property, { numRuns });
});

test('every spelling of an address shares one bucket, which nothing before it changes', () => {
  const spelled = fc.oneof(
    ipv4.map((address) => ({ address, spellings: ipv4Spellings(address) })),
    groups
      .filter((all) => !isMapped(all))
      .map((all) => ({ address: inFull(all), spellings: ipv6Spellings(all) })),
  );
  const property = fc.property(spelled, headerText, fc.nat(2), ({ address, spellings }, before, more) => {
    const trustedProxies = more + 1;
    const bucketOf = (text: string) => {
      // what proxies of ours add is never wrong
      const hops = [before, text, ...Array(more).fill('10.0.0.2')].join(', ');
      const sent = { remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': hops }, httpVersion: '1.1' };
      return networksOf({ ...sent, trustedProxies }).map(({ name }) => name);
    };
    const expected = networks.of(address).map(({ name }) => name);
    for (const spelling of spellings) expect([spelling, bucketOf(spelling)]).toEqual([spelling, expected]);
  });
  fc.assert(property, { numRuns });
});

test('addresses of two networks share none, and what is no address has one for all', () => {
  const [unreadable] = networks.of('unknown');
  const property = fc.property(ipv4, ipv4, groups, groups, hop, (one, other, long, longer, text) => {
    const first = (address: string) => networks.of(address)[0]?.name;
    const site = (all: readonly number[]) => (isMapped(all) ? inFull(all) : inFull(all.slice(0, 4)));
    const places = new Set([one, other, site(long), site(longer), 'unreadable']);
    const names = [first(one), first(other), first(inFull(long)), first(inFull(longer)), unreadable?.name];
    expect([places, new Set(names).size]).toEqual([places, places.size]);
    expect(networks.of(text).length).toBeGreaterThan(0);
    expect(first(`x${text}`)).toBe(unreadable?.name);
    // inet_aton reads these as 127.0.0.1, and no proxy writes them
    for (const odd of ['127.1', '0x7f.1', '2130706433', '0177.0.0.1'])
      expect(first(odd)).toBe(unreadable?.name);
  });
  fc.assert(property, { numRuns });
});

/** What a request without a key takes from. */
async function countedBy(asked: Pick<Parameters<typeof countRequest>[1], 'networks' | 'operations'>) {
  const taken: RateBucket[] = [];
  const take = async (bucket: RateBucket, count: number) => {
    if (count > 0) taken.push(bucket);
    return { granted: true, limit: bucket.limit, remaining: 1, used: 1, resetAt: 0 };
  };
  const limiter = { take } as unknown as RateLimiter;
  await countRequest(limiter, { caller: undefined, requests: 1, ...asked }, defaultRateLimits);
  return taken;
}

function isThisMachine(address: string | undefined): boolean {
  const compact = address?.replace(/^(0000:){7}0001$/, '::1').replace(/^::ffff:/, '');
  return compact === '::1' || (compact ?? '').startsWith('127.');
}

function isMapped(all: readonly number[]): boolean {
  return all.slice(0, 5).every((group) => group === 0) && all[5] === 0xffff;
}

function ipv4Spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const mapped = `::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
  const long = [address, `::ffff:${address}`, mapped, `0:0:0:0:0:FFFF:${address}`];
  return [...long, `${address}:80`, `"${address}"`, `"${address}:65535"`, ` ${address}\t`, `[${mapped}]:443`];
}

function ipv6Spellings(all: readonly number[]): string[] {
  const short = all.map(hex).join(':');
  const zeros = /(^|:)0(:0)+(:|$)/.exec(short)?.[0];
  const compressed = zeros === undefined ? short : short.replace(zeros, '::');
  const plain = [inFull(all), short, compressed, inFull(all).toUpperCase(), compressed.toUpperCase()];
  const wrapped = [
    `[${short}]`,
    `[${compressed}]:443`,
    `"[${compressed}]:443"`,
    `"[${short}]"`,
    `${short}%eth0`,
  ];
  return [...plain, ...wrapped, ` ${compressed} `];
}
