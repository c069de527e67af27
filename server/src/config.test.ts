import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { ConfigError, readConfig } from './config';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-config-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, String(rootCertificates[0]));
afterAll(() => rmSync(folder, { recursive: true }));

const distributed = {
  NODE_ENV: 'production',
  FANFARE_VAPID_SUBJECT: 'mailto:push@example.com',
  FANFARE_DATABASE_URL: 'mysql://root@127.0.0.1:3306/fanfare',
  FANFARE_AMQP_URL: 'amqp://127.0.0.1:5672',
  FANFARE_SECRET: 'x'.repeat(32),
  FANFARE_PUBLIC_URL: 'https://fanfare.example.com/',
};

function faultsOf(...args: Parameters<typeof readConfig>): string[] {
  try {
    readConfig(...args);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test('nothing set: one process on SQLite', () => {
  expect(readConfig({})).toMatchObject({
    port: 4000,
    database: { kind: 'sqlite', file: './data/fanfare.db' },
    amqpUrl: undefined,
    publicUrl: 'http://localhost:4000',
  });
});

test('every process of a distributed installation starts with the same settings', () => {
  for (const role of ['api', 'worker'] as const) {
    expect(readConfig(distributed, role).publicUrl).toBe('https://fanfare.example.com');
  }
});

test.each([
  ['separate processes without a broker', { FANFARE_AMQP_URL: '' }, 'api', 'FANFARE_AMQP_URL'],
  [
    'SQLite with a broker',
    { FANFARE_DATABASE_URL: '', FANFARE_SECRET: '' },
    'all',
    'FANFARE_AMQP_URL: SQLite serves one process',
  ],
  ['separate processes on SQLite', { FANFARE_DATABASE_URL: '', FANFARE_AMQP_URL: '' }, 'api', '--role api'],
  ['MySQL without the shared secret', { FANFARE_SECRET: '' }, 'all', 'FANFARE_SECRET'],
  [
    'a subject no push service takes',
    { FANFARE_VAPID_SUBJECT: 'mailto:me@localhost' },
    'all',
    'FANFARE_VAPID_SUBJECT',
  ],
  [
    'WebSockets that may take every connection',
    { FANFARE_MAX_CONNECTIONS: '2200' },
    'all',
    'FANFARE_MAX_CONNECTIONS: must be more than 2200, the sum of FANFARE_MAX_WEBSOCKETS (2000)',
  ],
  [
    'pending WebSockets that may take the rest of the connections',
    { FANFARE_MAX_CONNECTIONS: '2500', FANFARE_MAX_PENDING_WEBSOCKETS: '500' },
    'all',
    'and FANFARE_MAX_PENDING_WEBSOCKETS (500); raise it, or lower one of them.',
  ],
  [
    'more WebSockets for one application than for all',
    { FANFARE_MAX_WEBSOCKETS: '100', FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: '101' },
    'all',
    'FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: must not be more than FANFARE_MAX_WEBSOCKETS (100)',
  ],
  ['production without a subject', { FANFARE_VAPID_SUBJECT: '' }, 'all', 'FANFARE_VAPID_SUBJECT'],
  ['a public address in development', { NODE_ENV: '' }, 'all', 'FANFARE_PUBLIC_URL: others can reach'],
  ['a public address in development', { NODE_ENV: 'Production' }, 'worker', 'FANFARE_PUBLIC_URL: others'],
  [
    'listening for others in development',
    { NODE_ENV: '', FANFARE_PUBLIC_URL: '', FANFARE_HOST: '0.0.0.0' },
    'all',
    'FANFARE_HOST: others can reach',
  ],
  [
    'an API that listens for others in development',
    { NODE_ENV: '', FANFARE_PUBLIC_URL: '', FANFARE_HOST: '::' },
    'api',
    'FANFARE_HOST: others can reach',
  ],
  [
    'a private push host in production',
    { FANFARE_PUSH_HOSTS: 'push.lan:8443' },
    'all',
    'FANFARE_PUSH_HOSTS: host',
  ],
  ['a push host that is none', { FANFARE_PUSH_HOSTS: 'https://push.example' }, 'all', 'FANFARE_PUSH_HOSTS: '],
  ['a port that is no number', { FANFARE_PORT: 'abc' }, 'all', 'FANFARE_PORT: must be a whole number from 0'],
  ['a port that is none', { FANFARE_PORT: '65536' }, 'all', 'FANFARE_PORT: must be a whole number from 0'],
  ['half a port', { FANFARE_PORT: '80.5' }, 'all', 'FANFARE_PORT: must be a whole number from 0'],
  ['a prefetch of none', { FANFARE_PREFETCH: '0' }, 'all', 'FANFARE_PREFETCH: must be a whole number from 1'],
  ['a public address without a scheme', { FANFARE_PUBLIC_URL: 'push' }, 'all', 'FANFARE_PUBLIC_URL: must be'],
  ['an unknown log level', { FANFARE_LOG_LEVEL: 'loud' }, 'all', 'FANFARE_LOG_LEVEL: must be one of fatal'],
  [
    'a flag that is neither',
    { FANFARE_ONLY_KNOWN_DOCUMENTS: 'yes' },
    'all',
    'FANFARE_ONLY_KNOWN_DOCUMENTS: must be',
  ],
  [
    'certificates that are not there',
    { FANFARE_PUSH_CA_FILE: '/nowhere/ca.pem' },
    'all',
    'FANFARE_PUSH_CA_FILE: /nowhere/ca.pem cannot be read',
  ],
  [
    'certificates that are none',
    { FANFARE_PUSH_CA_FILE: __filename },
    'all',
    'does not contain a valid PEM certificate',
  ],
  [
    'TLS to an IP address, whose certificate has a name',
    { FANFARE_DATABASE_URL: 'mysql://root@127.0.0.1/fanfare?ssl=required' },
    'all',
    'FANFARE_DATABASE_URL: must have the name of the host',
  ],
  [
    'a parameter of the database that means nothing',
    { FANFARE_DATABASE_URL: 'mysql://root@db/fanfare?ssl-mode=REQUIRED' },
    'all',
    'FANFARE_DATABASE_URL: has the unknown parameter "ssl-mode"',
  ],
  [
    'a parameter of the broker that means nothing',
    { FANFARE_AMQP_URL: 'amqp://mq?heartbeat=9' },
    'all',
    'FANFARE_AMQP_URL: has the unknown parameter "heartbeat"',
  ],
  [
    'TLS by an authority to an IP address',
    { FANFARE_DATABASE_CA_FILE: caFile },
    'all',
    'FANFARE_DATABASE_URL: must have the name of the host',
  ],
  [
    'an authority of a broker without TLS',
    { FANFARE_AMQP_CA_FILE: caFile },
    'all',
    'FANFARE_AMQP_CA_FILE: TLS needs an amqps://',
  ],
  ['a short secret of before', { FANFARE_SECRET_PREVIOUS: 'short' }, 'all', 'FANFARE_SECRET_PREVIOUS: must'],
  ['a short admin key', { FANFARE_ADMIN_KEY: 'fs_short' }, 'all', 'FANFARE_ADMIN_KEY'],
] as const)('%s is refused', (_name, change, role, named) => {
  expect(faultsOf({ ...distributed, ...change }, role)).toEqual([expect.stringContaining(`${named}`)]);
});

test('private push hosts are for development, and for whoever says so', () => {
  const pushHosts = { FANFARE_PUSH_HOSTS: 'push.lan:8443' };
  expect(faultsOf(pushHosts)).toEqual([]);
  expect(faultsOf({ ...distributed, ...pushHosts, FANFARE_ALLOW_PRIVATE_PUSH_HOSTS: 'true' })).toEqual([]);
});

test('every fault is told at once: of single variables, and of those that do not fit together', () => {
  const faults = faultsOf(
    {
      ...distributed,
      FANFARE_PORT: 'abc',
      FANFARE_AMQP_URL: '',
      FANFARE_SECRET: '',
      FANFARE_VAPID_SUBJECT: 'me',
    },
    'worker',
  );
  const named = faults.map((fault) => fault.split(':')[0]).sort();
  expect(named).toEqual(['FANFARE_AMQP_URL', 'FANFARE_PORT', 'FANFARE_SECRET', 'FANFARE_VAPID_SUBJECT']);
});

test('a variable that is at fault by itself is not said to be missing, too', () => {
  const short = { FANFARE_SECRET: 'short', FANFARE_AMQP_URL: 'http://broker' };
  expect(faultsOf({ ...distributed, ...short }, 'worker').sort()).toEqual([
    expect.stringContaining('FANFARE_AMQP_URL: must be'),
    expect.stringContaining('FANFARE_SECRET: must have'),
  ]);
  // without knowing the database nothing is said of what goes with it
  expect(faultsOf({ ...distributed, FANFARE_DATABASE_URL: 'postgres://x' }, 'worker')).toEqual([
    expect.stringContaining('FANFARE_DATABASE_URL: must be'),
  ]);
});

test('numbers come out as numbers', () => {
  expect(readConfig({ FANFARE_PORT: '0', FANFARE_LEASE_SECONDS: '600' })).toMatchObject({
    ...{ port: 0, portGiven: true, leaseSeconds: 600, prefetch: 8, retentionDays: 90, trustedProxies: 0 },
    rateLimits: { perKey: 60_000, perAddress: 600, subscribesPerAddress: 60 },
  });
});

test.each([
  [{}, { secret: 2_000, secretPerApplication: 500, pending: 200 }],
  [{ FANFARE_MAX_WEBSOCKETS: '10' }, { secret: 10, secretPerApplication: 3, pending: 200 }],
  [
    { FANFARE_MAX_WEBSOCKETS_PER_APPLICATION: '2000' },
    { secret: 2_000, secretPerApplication: 2_000, pending: 200 },
  ],
  // one connection more than the two kinds of WebSockets together
  [
    { FANFARE_MAX_CONNECTIONS: '2008', FANFARE_MAX_PENDING_WEBSOCKETS: '7' },
    { secret: 2_000, secretPerApplication: 500, pending: 7 },
  ],
])('limits of WebSockets: %j', (env, webSockets) => {
  expect(readConfig(env).webSockets).toEqual(webSockets);
});

test('limits of single operations are read beside those that are there already', () => {
  const { perOperation } = readConfig({
    FANFARE_OPERATIONS_PER_MINUTE: ' sendNotification=6000, exportPerson=5,',
  }).rateLimits;
  expect(perOperation).toMatchObject({ sendNotification: 6_000, exportPerson: 5, createApiKey: 120 });
  for (const wrong of ['send=5', 'subscribe', 'subscribe=0', 'subscribe=x', 'toString=5']) {
    expect(faultsOf({ FANFARE_OPERATIONS_PER_MINUTE: wrong })).toEqual([
      expect.stringContaining(`FANFARE_OPERATIONS_PER_MINUTE: "${wrong}" must be`),
    ]);
  }
});

describe('a secret in a file', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  const secret = 'a secret of more than thirty-two characters: $ @ "';
  const url = 'mysql://fanfare:p$w%40rd@database:3306/fanfare';

  test('is read as if it stood in the variable, without the line break at its end', () => {
    const { secret: read, database } = readConfig({
      FANFARE_SECRET_FILE: file('secret', `${secret}\n`),
      FANFARE_DATABASE_URL_FILE: file('database', url),
    });
    expect(read).toBe(secret);
    expect(database).toEqual({ kind: 'mysql', url, caFile: undefined });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'no such file',
      { FANFARE_SECRET_FILE: join(folder, 'none') },
      /^FANFARE_SECRET_FILE: .*none cannot be read\.$/,
    ],
    [
      'an empty file',
      { FANFARE_AMQP_URL_FILE: file('empty', '\n') },
      /^FANFARE_AMQP_URL_FILE: .*empty is empty\.$/,
    ],
    [
      'both',
      { FANFARE_ADMIN_KEY_FILE: file('key', 'fs_a'), FANFARE_ADMIN_KEY: `fs_${'a'.repeat(20)}` },
      /^FANFARE_ADMIN_KEY_FILE: FANFARE_ADMIN_KEY is set, too; give one of them\.$/,
    ],
    [
      'a bad value',
      { FANFARE_SECRET_FILE: file('short', 'short') },
      /^FANFARE_SECRET: must have at least 32/,
    ],
  ])('%s ends the start with one sentence', (_, env, fault) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(fault)]);
  });
});
