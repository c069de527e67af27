import type { LookupAddress } from 'node:dns';
import { connect, createServer, isIP, type Server } from 'node:net';
import { forAllNames } from '../../test/support/servers/dnsServer';
import { hostileEndpoints } from '../../test/support/servers/hostileEndpoints';
import { BlockedAddressError, ConnectGuard, guardedLookup } from './guardedLookup';
import { isPublicAddress } from './publicAddress';
import { type PushHostPolicy, parsePushHosts, vendorsOnly } from './pushHostPolicy';
import type { ResolveAll } from './resolveAll';
import type { NameResolvers } from './resolvers';

const anyHost: PushHostPolicy = { mode: 'any-public-host', hosts: [], privateHosts: [] };

const publicAddresses = [
  '8.8.8.8',
  '1.1.1.1',
  '142.250.74.106',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200a',
];

const forbiddenAddresses = [
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '172.16.0.1'],
  ...['172.31.255.255', '192.168.0.1', '169.254.169.254', '169.254.0.1', '100.64.0.1', '100.127.255.255'],
  ...['192.0.0.1', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254'],
  ...['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2002:7f00:1::', '2002:c0a8:1::1'],
  ...['2001:0:53aa:64c::1', '2001:db8::1', '2001:2::1', '3fff::1', '100::1', 'fe80::1', 'fe80::1%lo'],
  ...['fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'ff0e::1', '4000::1', '5f00::1', 'no address', ''],
];

function resolving(...answers: string[][]): NameResolvers {
  return forAllNames(answering(answers));
}

function answering(answers: string[][]): ResolveAll {
  let turn = 0;
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(turn++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: isIP(address) })),
    );
  };
}

/** The code of the error, or the addresses that a connection would be made to. */
function lookup(guard: ConnectGuard, origin: string, all: boolean): Promise<string> {
  return new Promise((done) => {
    guard.lookupFor(origin)(new URL(origin).hostname, { all }, (error, address, family) => {
      if (error) done(error.code ?? error.message);
      else if (typeof address === 'string') done(`${address} v${family}`);
      else done(address.map((each) => each.address).join(' '));
    });
  });
}

test.each(publicAddresses)('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(forbiddenAddresses)('%j is not public', async (address) => {
  expect(isPublicAddress(address)).toBe(false);
  const guard = new ConnectGuard(anyHost, resolving([address], ['8.8.8.8', address], [address, '8.8.8.8']));
  for (const all of [true, false, true]) {
    expect(await lookup(guard, 'https://evil.example.org', all)).toBe('EBLOCKED');
  }
});

test('public addresses are passed on in the form that was asked for', async () => {
  const guard = new ConnectGuard(vendorsOnly, resolving(['8.8.8.8', '2a00:1450:4001::200a']));
  expect(await lookup(guard, 'https://fcm.googleapis.com', true)).toBe('8.8.8.8 2a00:1450:4001::200a');
  expect(await lookup(guard, 'https://fcm.googleapis.com', false)).toBe('8.8.8.8 v4');
});

test('a resolver that changes its answer is asked once for each connection', async () => {
  const guard = new ConnectGuard(anyHost, resolving(['8.8.8.8'], ['127.0.0.1']));
  expect(await lookup(guard, 'https://rebind.example.org', true)).toBe('8.8.8.8');
  expect(await lookup(guard, 'https://rebind.example.org', true)).toBe('EBLOCKED');
});

test('a name without an address, and one that cannot be resolved', async () => {
  const failing: ResolveAll = (_hostname, _options, callback) =>
    callback(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }), []);
  expect(await lookup(new ConnectGuard(anyHost, resolving([])), 'https://a.example.org', true)).toBe(
    'ENOTFOUND',
  );
  expect(await lookup(new ConnectGuard(anyHost, forAllNames(failing)), 'https://a.example.org', true)).toBe(
    'EAI_AGAIN',
  );
});

test('a host:port entry may have a private address, there only', async () => {
  const guard = new ConnectGuard(parsePushHosts('localhost:9443,*.example.net'), resolving(['127.0.0.1']));
  expect(await lookup(guard, 'http://localhost:9443', true)).toBe('127.0.0.1');
  expect(await lookup(guard, 'https://a.example.net', true)).toBe('EBLOCKED');
  for (const origin of ['http://localhost:9444', 'https://localhost', 'https://evil.example.org']) {
    expect(() => guard.lookupFor(origin)).toThrow(BlockedAddressError);
  }
});

test.each(hostileEndpoints.map(([endpoint]) => endpoint).filter((endpoint) => URL.canParse(endpoint)))(
  'no connection to the origin of %s, whatever it resolves to',
  (endpoint) => {
    const { origin, hostname } = new URL(endpoint);
    if (hostname === 'fcm.googleapis.com' && origin === 'https://fcm.googleapis.com') return;
    const guard = new ConnectGuard(vendorsOnly, resolving(['8.8.8.8']));
    expect(() => guard.lookupFor(origin)).toThrow(BlockedAddressError);
  },
);

describe('node:net', () => {
  let server: Server;
  let port: number;
  let connections = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as { port: number }).port;
  });

  afterAll(() => server.close());

  function connectWith(resolve: ResolveAll, permits: (address: string) => boolean): Promise<string> {
    return new Promise((done) => {
      const socket = connect({ host: 'rebind.example.org', port, lookup: guardedLookup(resolve, permits) });
      socket.once('connect', () => done('connected')).once('error', (error) => done(error.name));
      socket.once('close', () => socket.destroy());
    });
  }

  test('never connects to an address that was refused', async () => {
    expect(await connectWith(answering([['127.0.0.1']]), isPublicAddress)).toBe('BlockedAddressError');
    expect(await connectWith(answering([['127.0.0.1', '8.8.8.8']]), isPublicAddress)).toBe(
      'BlockedAddressError',
    );
    expect(connections).toBe(0);
    expect(await connectWith(answering([['127.0.0.1']]), () => true)).toBe('connected');
  });
});
