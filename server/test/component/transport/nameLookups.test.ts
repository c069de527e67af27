import { lookup as systemLookup } from 'node:dns';
import { createSecureServer } from 'node:http2';
import { BoundedResolver } from '../../../src/egress/boundedResolver';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import type { ResolveAll } from '../../../src/egress/resolveAll';
import { createResolvers, type NameResolvers } from '../../../src/egress/resolvers';
import { type DnsServer, startDnsServer } from '../../support/servers/dnsServer';
import {
  accept,
  certificate,
  failureNamed,
  listen,
  openTransport,
  postTo,
} from '../../support/servers/pushPeers';
import { until } from '../../support/until';

/** Names of push services whose name servers never answer, or of which there are very many. */

let dns: DnsServer;
/** Their look-ups outlast the test unless they are answered. */
let resolvers: NameResolvers;
/** Does not wait long. */
let impatient: ResolveAll;

beforeEach(async () => {
  dns = await startDnsServer();
  const servers = [`127.0.0.1:${dns.port}`];
  resolvers = {
    exact: systemLookup,
    wildcard: new BoundedResolver({ servers, perDomain: 16, timeoutMs: 30_000 }).resolve,
    unlisted: new BoundedResolver({ servers, timeoutMs: 30_000 }).resolve,
  };
  impatient = new BoundedResolver({ servers, timeoutMs: 1_500 }).resolve;
});
afterEach(() => {
  jest.restoreAllMocks();
  return dns.close();
});

function ask(resolve: ResolveAll, hostname: string): Promise<string> {
  return new Promise((done) =>
    resolve(hostname, { all: true }, (error, found) =>
      done(error?.code ?? found.map(({ address }) => address).join(' ')),
    ),
  );
}

test('60 names that are never answered delay no listed push service', async () => {
  const server = createSecureServer({ ...certificate }).on('stream', accept);
  const { port } = await listen(server);
  dns.ignore('.example');
  const guard = new ConnectGuard(parsePushHosts(`any-public-host,localhost:${port}`), resolvers);
  const transport = openTransport(port, { guard, connectTimeoutMs: 60_000 });
  let ended = 0;
  const unanswered = Array.from({ length: 60 }, async (_, i) => {
    const origin = `https://push.silent${i}.example`;
    const answer = await transport.post({ ...postTo(port, { timeoutMs: 60_000 }), origin });
    ended += 1;
    return answer;
  });
  await until(() => dns.queries >= 120, 'all names are asked for');
  expect(await transport.post(postTo(port))).toMatchObject({ status: 201 });
  expect(ended).toBe(0);
  dns.answerIgnored();
  expect(await Promise.all(unanswered)).toEqual(Array(60).fill(failureNamed('dns')));
});

test('only names that are listed in full are looked up by the system', () => {
  const guard = new ConnectGuard(
    parsePushHosts('any-public-host,push.example.org,*.example.net,localhost:9443'),
  );
  const { exact, wildcard, unlisted } = createResolvers();
  expect(exact).toBe(systemLookup);
  expect(new Set([exact, wildcard, unlisted]).size).toBe(3);
  const listing = (origin: string) => guard.listingOf(origin);
  expect(listing('https://fcm.googleapis.com')).toBe('exact');
  expect(listing('https://push.example.org')).toBe('exact');
  expect(listing('http://localhost:9443')).toBe('exact');
  expect(listing('https://a.example.net')).toBe('wildcard');
  expect(listing('https://wns2-par02p.notify.windows.com')).toBe('wildcard');
  expect(listing('https://ntfy.sh')).toBe('unlisted');
  expect(listing('https://sub.push.example.org')).toBe('unlisted');
});

test('one domain takes four look-ups at a time, the others wait for their turn', async () => {
  dns.ignore('.silent.co.uk');
  dns.script('push.example.org', ['8.8.8.8']);
  const unanswered = Array.from({ length: 100 }, (_, i) => ask(resolvers.unlisted, `n${i}.silent.co.uk`));
  expect(await ask(resolvers.unlisted, 'push.example.org')).toBe('8.8.8.8');
  // A and AAAA each
  expect(dns.queries).toBe(4 * 2 + 2);
  dns.answerIgnored();
  expect(new Set(await Promise.all(unanswered))).toEqual(new Set(['ENOTFOUND']));
  expect(dns.queries).toBe(100 * 2 + 2);
});

test('connections that need one name at the same time share its look-up', async () => {
  dns.script('push.shared.example', ['203.0.113.7']);
  const found = await Promise.all(Array.from({ length: 40 }, () => ask(impatient, 'push.shared.example')));
  expect(new Set(found)).toEqual(new Set(['203.0.113.7']));
  expect(dns.queries).toBe(2);
});

test('names below a listed domain do not wait for those that are not listed', async () => {
  dns.ignore('.example');
  dns.script('a.listed.org', ['8.8.4.4']);
  const unanswered = Array.from({ length: 100 }, (_, i) => ask(resolvers.unlisted, `push.n${i}.example`));
  await until(() => dns.queries >= 128, 'all slots are taken');
  expect(await ask(resolvers.wildcard, 'a.listed.org')).toBe('8.8.4.4');
  expect(dns.queries).toBe(130);
  dns.answerIgnored();
  expect(new Set(await Promise.all(unanswered))).toEqual(new Set(['ENOTFOUND']));
});

test('what failed is not looked up again at once; what was found is', async () => {
  dns.ignore('.silent.example');
  dns.script('empty.example', []);
  for (let i = 0; i < 5; i += 1) {
    expect(await ask(resolvers.unlisted, 'nobody.example')).toBe('ENOTFOUND');
    expect(await ask(resolvers.unlisted, 'empty.example')).toBe('ENOTFOUND');
    expect(await ask(impatient, 'a.silent.example')).toBe('EAI_AGAIN');
  }
  expect(dns.queries).toBe(6);
  dns.script('push.example.org', ['8.8.8.8', '2001:4860:4860::8888'], ['9.9.9.9']);
  expect(await ask(resolvers.unlisted, 'push.example.org')).toBe('8.8.8.8 2001:4860:4860::8888');
  expect(await ask(resolvers.unlisted, 'push.example.org')).toBe('9.9.9.9');
});

test.each([
  ['nobody.example', 'ENOTFOUND', 30],
  ['a.silent.example', 'EAI_AGAIN', 5],
])('%s is %s, and is looked up again after %i seconds', async (name, fault, seconds) => {
  dns.ignore('.silent.example');
  const [clock, from] = [jest.spyOn(performance, 'now'), performance.now()];
  clock.mockReturnValue(from);
  expect(await ask(impatient, name)).toBe(fault);
  clock.mockReturnValue(from + seconds * 1_000 - 1);
  expect(await ask(impatient, name)).toBe(fault);
  expect(dns.queries).toBe(2);
  clock.mockReturnValue(from + seconds * 1_000 + 1);
  dns.script(name, ['8.8.8.8']);
  dns.answerIgnored();
  await until(async () => (await ask(impatient, name)) === '8.8.8.8', 'the name to be looked up again');
});

test('a name server that answers for one kind of address only', async () => {
  dns.script('push.example.org', ['8.8.8.8']);
  dns.ignore('push.example.org', 6);
  expect(await ask(impatient, 'push.example.org')).toBe('8.8.8.8');
});

test('a name server that is not there says nothing of the name', async () => {
  const { port } = await startDnsServer().then(async (gone) => {
    await gone.close();
    return gone;
  });
  const { resolve } = new BoundedResolver({ servers: [`127.0.0.1:${port}`] });
  expect(await ask(resolve, 'push.example.org')).toBe('EAI_AGAIN');
});
