import { type Database, openDatabase } from '../../../src/database/openDatabase';
import { BoundedResolver } from '../../../src/egress/boundedResolver';
import { ConnectGuard } from '../../../src/egress/guardedLookup';
import { HostNameCheck } from '../../../src/egress/hostNameCheck';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import { type ApiServer, browserSubscription, startApiServer } from '../../support/api/apiServer';
import { type SeededApplication, seedApplication } from '../../support/api/seedApplication';
import { freshDatabase } from '../../support/engines/freshDatabase';
import { type DnsServer, forAllNames, startDnsServer } from '../../support/servers/dnsServer';

/** What a web page may register must have a host that exists. */

const document = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';

let dns: DnsServer;
let database: Database;
let api: ApiServer;
let application: SeededApplication;
const cleanups: Array<() => Promise<void>> = [];

beforeAll(async () => {
  dns = await startDnsServer();
  const fresh = await freshDatabase('sqlite');
  database = await openDatabase(fresh.target);
  await database.migrate();
  const pushHosts = parsePushHosts('any-public-host,push.example.org,*.example.net');
  const { resolve } = new BoundedResolver({ servers: [`127.0.0.1:${dns.port}`], timeoutMs: 500 });
  const hostNames = new HostNameCheck(new ConnectGuard(pushHosts, forAllNames(resolve)));
  api = await startApiServer(database, { pushHosts, hostNames });
  application = await seedApplication(database);
  cleanups.push(
    () => dns.close(),
    fresh.drop,
    () => database.close(),
    () => api.stop(),
  );
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function subscribe(host: string, key = application.publishable, more: object = {}) {
  const { data, errors } = await api.call<{ subscribe: { created: boolean } }>(key, document, {
    input: { subscription: browserSubscription(host), ...more },
  });
  return data?.subscribe.created ?? errors?.[0];
}

async function stored(): Promise<number> {
  const [row] = await database.sql.rows<{ size: number }>(
    'SELECT COUNT(*) AS size FROM push_subscription',
    [],
  );
  return Number(row?.size);
}

const notAllowed = {
  extensions: { code: 'ENDPOINT_NOT_ALLOWED', path: ['input', 'subscription', 'endpoint'] },
};
const unavailable = { extensions: { code: 'UNAVAILABLE', path: ['input', 'subscription', 'endpoint'] } };

test('a host that does not exist, or is not public, is refused, and each is asked for once', async () => {
  dns.script('private.example.com', ['10.0.0.1']);
  dns.script('mixed.example.com', ['8.8.8.8', '127.0.0.1']);
  dns.script('empty.example.com', []);
  const before = await stored();
  const queriesBefore = dns.queries;
  for (let round = 0; round < 3; round += 1) {
    for (const host of ['nobody.example.com', 'nobody.example.net', 'private.example.com']) {
      expect(await subscribe(host)).toMatchObject(notAllowed);
    }
    for (const host of ['mixed.example.com', 'empty.example.com']) {
      expect(await subscribe(host, undefined, { replaces: 'https://push.example.org/old' })).toMatchObject(
        notAllowed,
      );
    }
  }
  expect(dns.queries - queriesBefore).toBe(10);
  expect(await stored()).toBe(before);
});

test('a host whose name servers do not answer is refused for now', async () => {
  dns.ignore('.silent.example');
  const before = await stored();
  expect(await subscribe('push.silent.example')).toMatchObject(unavailable);
  expect(await stored()).toBe(before);
});

test('a public one is taken', async () => {
  dns.script('push.public.example', ['8.8.8.8']);
  dns.script('a.example.net', ['2001:4860:4860::8888']);
  expect(await subscribe('push.public.example')).toBe(true);
  expect(await subscribe('a.example.net')).toBe(true);
});

test('nobody asks for one that is listed in full, nor for what a back end registers', async () => {
  const queriesBefore = dns.queries;
  expect(await subscribe('push.example.org')).toBe(true);
  expect(await subscribe('fcm.googleapis.com')).toBe(true);
  expect(await subscribe('nobody.example.com', application.admin)).toBe(true);
  expect(dns.queries).toBe(queriesBefore);
});
