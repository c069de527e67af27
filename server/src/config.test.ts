import { ConfigError, readConfig } from './config';

const distributed = {
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
  ['separate processes on SQLite', { FANFARE_DATABASE_URL: '', FANFARE_AMQP_URL: '' }, 'api', '--role api'],
  ['MySQL without the shared secret', { FANFARE_SECRET: '' }, 'all', 'FANFARE_SECRET'],
  [
    'a subject no push service takes',
    { FANFARE_VAPID_SUBJECT: 'mailto:me@localhost' },
    'all',
    'FANFARE_VAPID_SUBJECT',
  ],
  ['production without a subject', { NODE_ENV: 'production' }, 'all', 'FANFARE_VAPID_SUBJECT'],
  ['a short admin key', { FANFARE_ADMIN_KEY: 'fs_short' }, 'all', 'FANFARE_ADMIN_KEY'],
] as const)('%s is refused', (_name, change, role, named) => {
  expect(faultsOf({ ...distributed, ...change }, role)).toEqual([expect.stringContaining(`${named}`)]);
});
