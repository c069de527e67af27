import { hostileEndpoints } from '../../test/support/servers/hostileEndpoints';
import { checkPushEndpoint } from './allowedPushHost';
import { type PushHostPolicy, parsePushHosts, vendorsOnly } from './pushHostPolicy';

const ownHosts = parsePushHosts('push.example.org, *.example.net, localhost:9443, [::1]:9444, 10.0.0.5:8080');
const anyHost = parsePushHosts('any-public-host');

function verdict(endpoint: string, policy: PushHostPolicy): string {
  const result = checkPushEndpoint(endpoint, policy);
  return result.allowed ? result.pushService : result.fault;
}

describe('the vendors', () => {
  test.each([
    ['https://fcm.googleapis.com/fcm/send/abc:def', 'fcm'],
    ['https://fcm.googleapis.com/wp/abc', 'fcm'],
    ['https://jmt17.google.com/fcm/send/abc', 'fcm'],
    ['https://updates.push.services.mozilla.com/wpush/v2/gAAA', 'mozilla'],
    ['https://web.push.apple.com/QABC', 'apple'],
    ['https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d%3d', 'wns'],
    ['https://FCM.GoogleApis.com:443/fcm/send/abc', 'fcm'],
  ])('%s is %s', (endpoint, pushService) => {
    expect(verdict(endpoint, vendorsOnly)).toBe(pushService);
    expect(verdict(endpoint, anyHost)).toBe(pushService);
  });

  test('an allowed endpoint comes back in parts', () => {
    expect(checkPushEndpoint('https://wns2-par02p.notify.windows.com/w/?token=a%2fb', vendorsOnly)).toEqual({
      allowed: true,
      endpoint: 'https://wns2-par02p.notify.windows.com/w/?token=a%2fb',
      origin: 'https://wns2-par02p.notify.windows.com',
      path: '/w/?token=a%2fb',
      host: 'wns2-par02p.notify.windows.com',
      pushService: 'wns',
    });
  });
});

test('there are at least 100 hostile endpoints', () => {
  expect(new Set(hostileEndpoints.map(([endpoint]) => endpoint)).size).toBeGreaterThanOrEqual(100);
});

test.each(hostileEndpoints)('%j is refused: %s', (endpoint, fault) => {
  expect(verdict(endpoint, vendorsOnly)).toBe(fault);
});

test.each(hostileEndpoints.filter(([, fault]) => fault !== 'host'))(
  '%j is refused with any public host allowed too: %s',
  (endpoint, fault) => {
    expect(verdict(endpoint, anyHost)).toBe(fault);
  },
);

describe('hosts of our own', () => {
  test.each([
    ['https://push.example.org/a', 'push.example.org'],
    ['https://a.example.net/a', 'a.example.net'],
    ['https://a.b.example.net/a', 'a.b.example.net'],
    ['http://localhost:9443/a', 'localhost:9443'],
    ['https://localhost:9443/a', 'localhost:9443'],
    ['http://[::1]:9444/a', '[::1]:9444'],
    ['http://10.0.0.5:8080/a', '10.0.0.5:8080'],
    ['https://fcm.googleapis.com/a', 'fcm'],
    ['https://sub.push.example.org/a', 'host'],
    ['https://example.net/a', 'host'],
    ['https://evilexample.net/a', 'host'],
    ['http://push.example.org/a', 'scheme'],
    ['https://push.example.org:9443/a', 'port'],
    ['http://localhost:9444/a', 'scheme'],
    ['https://localhost:9444/a', 'port'],
    ['https://localhost/a', 'host'],
    ['http://127.0.0.1:9443/a', 'scheme'],
    ['ftp://localhost:9443/a', 'scheme'],
    ['http://user@localhost:9443/a', 'userinfo'],
  ])('%s is %s', (endpoint, expected) => {
    expect(verdict(endpoint, ownHosts)).toBe(expected);
  });
});

describe('any public host', () => {
  test.each([
    ['https://ntfy.sh/upABC?up=1', 'ntfy.sh'],
    ['https://push.xn--bcher-kva.example/a', 'push.xn--bcher-kva.example'],
    ['https://localhost/a', 'host'],
    ['https://intranet/a', 'host'],
    ['https://printer.local/a', 'host'],
    ['https://metadata.google.internal/a', 'host'],
    ['https://a.localhost/a', 'host'],
    ['https://ntfy.sh./a', 'host'],
    ['https://a_b.example.org/a', 'host'],
    ['https://1.2.3.4.in-addr.arpa/a', 'host'],
  ])('%s is %s', (endpoint, expected) => {
    expect(verdict(endpoint, anyHost)).toBe(expected);
  });
});

const longLabel = 'a'.repeat(60);

test.each([
  ...[...'!"$&\'()*+,;=_`{}~'].map((character) => `a${character}b`),
  ...['a%27b', '', 'a.', '-a', 'a-', `${longLabel}.${longLabel}`],
])('a host named %j is nobody’s, below any name that is allowed', (label) => {
  expect(verdict(`https://${label}.push.apple.com/a`, vendorsOnly)).toBe('host');
  expect(verdict(`https://${label}.example.net/a`, ownHosts)).toBe('host');
  expect(verdict(`https://${label}.example.com/a`, anyHost)).toBe('host');
});

test.each([
  'a_b!',
  'http://push.example.org',
  '*.example.org:443',
  '127.0.0.1',
  'host:0',
  'host:70000',
  '*',
  'com',
])('FANFARE_PUSH_HOSTS refuses the entry %s', (entry) => {
  expect(() => parsePushHosts(`push.example.org,${entry}`)).toThrow(entry);
});

test('FANFARE_PUSH_HOSTS may open every public host, beside others', () => {
  expect(parsePushHosts('any-public-host, localhost:9443')).toEqual({
    mode: 'any-public-host',
    hosts: [],
    privateHosts: ['localhost:9443'],
  });
});

test('FANFARE_PUSH_HOSTS may be empty', () => {
  expect(parsePushHosts(' ')).toEqual(vendorsOnly);
});
