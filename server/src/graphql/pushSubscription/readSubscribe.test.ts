import { createECDH } from 'node:crypto';
import { parsePushHosts } from '../../egress/pushHostPolicy';
import { Refusal } from '../../model/refusal';
import { readKnownEndpoint, readSubscribe } from './readSubscribe';
import type { SubscribeInput } from './subscribeInput';

const policy = parsePushHosts('push.example.org');
const p256dh = createECDH('prime256v1').generateKeys();
const auth = Buffer.alloc(16, 0xfb);
const endpoint = 'https://push.example.org/x';

interface Browser {
  endpoint?: string;
  p256dh?: string;
  auth?: string;
  expirationTime?: number | null;
}

function read(
  browser: Browser = {},
  fields: Partial<SubscribeInput> = {},
  source: 'browser' | 'backEnd' = 'backEnd',
) {
  const { expirationTime = null, ...given } = browser;
  const all = { endpoint, p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url'), ...given };
  const keys = { p256dh: all.p256dh, auth: all.auth };
  return readSubscribe(
    { subscription: { endpoint: all.endpoint, expirationTime, keys }, ...fields },
    policy,
    source,
  );
}

function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const offCurve = Buffer.from(p256dh);
offCurve.writeUInt8(offCurve.readUInt8(64) ^ 1, 64);
const compressed = Buffer.from(p256dh);
compressed.writeUInt8(2, 0);

describe('a registration', () => {
  test('is read', () => {
    expect(read()).toEqual({ endpoint, pushService: 'push.example.org', p256dh, auth });
  });

  test.each(['base64', 'base64url'] as const)('keys in %s, padded or not', (encoding) => {
    for (const pad of [(text: string) => text, (text: string) => text.replace(/=+$/, '')]) {
      const keys = { p256dh: pad(p256dh.toString(encoding)), auth: pad(auth.toString(encoding)) };
      expect(read(keys)).toMatchObject({ p256dh, auth });
    }
    expect(read({ auth: `${auth.toString('base64url')}==` })).toMatchObject({ auth });
  });

  test('what a browser tells besides', () => {
    const fields = { userId: 'ada', tags: ['b', 'a', 'b'], locale: 'en-gb', timeZone: 'America/New_York' };
    expect(
      read({ expirationTime: 1e12 + 0.5 }, { ...fields, replaces: 'https://PUSH.example.org/old' }),
    ).toMatchObject({
      ...{ userId: 'ada', tags: ['b', 'a'], locale: 'en-GB', timeZone: 'America/New_York' },
      ...{ expirationTime: 1e12, replaces: 'https://push.example.org/old' },
    });
    const absent = { userId: null, tags: null, locale: null, timeZone: null, replaces: null };
    expect(read({}, absent)).toEqual(read());
  });

  const inSubscription = (...path: string[]) => ['input', 'subscription', ...path];

  test.each<[string, Browser, string, string[]]>([
    [
      'a foreign host',
      { endpoint: 'https://evil.example/secret-path' },
      'ENDPOINT_NOT_ALLOWED',
      inSubscription('endpoint'),
    ],
    [
      'another port',
      { endpoint: 'https://push.example.org:8443/secret-path' },
      'ENDPOINT_NOT_ALLOWED',
      inSubscription('endpoint'),
    ],
    [
      'an address',
      { endpoint: 'https://[::1]/secret-path' },
      'ENDPOINT_NOT_ALLOWED',
      inSubscription('endpoint'),
    ],
    [
      'user information',
      { endpoint: 'https://secret-path@push.example.org/' },
      'ENDPOINT_NOT_ALLOWED',
      inSubscription('endpoint'),
    ],
    ['no URL', { endpoint: 'push.example.org/secret-path' }, 'BAD_USER_INPUT', inSubscription('endpoint')],
    [
      'a long URL',
      { endpoint: `${endpoint}/${'secret-path'.repeat(200)}` },
      'BAD_USER_INPUT',
      inSubscription('endpoint'),
    ],
    ['a key that is no base64', { p256dh: 'ä' }, 'BAD_USER_INPUT', inSubscription('keys', 'p256dh')],
    ['an empty key', { p256dh: '' }, 'BAD_USER_INPUT', inSubscription('keys', 'p256dh')],
    [
      'a long key',
      { p256dh: Buffer.concat([p256dh, auth]).toString('base64') },
      'BAD_USER_INPUT',
      inSubscription('keys', 'p256dh'),
    ],
    [
      'a point off the curve',
      { p256dh: offCurve.toString('base64') },
      'BAD_USER_INPUT',
      inSubscription('keys', 'p256dh'),
    ],
    [
      'another form of point',
      { p256dh: compressed.toString('base64') },
      'BAD_USER_INPUT',
      inSubscription('keys', 'p256dh'),
    ],
    [
      'nothing but zeros',
      { p256dh: Buffer.alloc(65).toString('base64') },
      'BAD_USER_INPUT',
      inSubscription('keys', 'p256dh'),
    ],
    [
      'a short secret',
      { auth: auth.subarray(1).toString('base64') },
      'BAD_USER_INPUT',
      inSubscription('keys', 'auth'),
    ],
    [
      'a secret with a space',
      { auth: `${auth.toString('base64url')} ` },
      'BAD_USER_INPUT',
      inSubscription('keys', 'auth'),
    ],
    ['a negative time', { expirationTime: -1 }, 'BAD_USER_INPUT', inSubscription('expirationTime')],
    ['an endless time', { expirationTime: 1e300 }, 'BAD_USER_INPUT', inSubscription('expirationTime')],
  ])('%s is refused', (_name, browser, code, path) => {
    const refusal = refusalOf(() => read(browser));
    expect(refusal).toMatchObject({ code, inputPath: path });
    expect(refusal.message).not.toContain('secret-path');
  });

  test('a host that is not allowed is named, for the operator', () => {
    expect(refusalOf(() => read({ endpoint: 'https://evil.example/x' })).message).toContain('evil.example');
  });

  test.each<[string, Partial<SubscribeInput>, (string | number)[]]>([
    ['an empty user id', { userId: '' }, ['input', 'userId']],
    ['a long user id', { userId: 'x'.repeat(256) }, ['input', 'userId']],
    ['a long tag', { tags: ['a', 'x'.repeat(65)] }, ['input', 'tags', 1]],
    ['an empty tag', { tags: [''] }, ['input', 'tags', 0]],
    ['51 tags', { tags: Array.from({ length: 51 }, (_, n) => `t${n}`) }, ['input', 'tags']],
    ['a locale of POSIX', { locale: 'en_US.UTF-8' }, ['input', 'locale']],
    ['a long locale', { locale: `de-${'x'.repeat(40)}` }, ['input', 'locale']],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, ['input', 'timeZone']],
    ['an offset', { timeZone: '+02:00' }, ['input', 'timeZone']],
    ['a long endpoint to replace', { replaces: 'x'.repeat(2049) }, ['input', 'replaces']],
  ])('%s is refused', (_name, fields, path) => {
    expect(refusalOf(() => read({}, fields))).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: path });
  });

  test.each(['C', '', 'en-US@posix', 'pt_BR', 'x'.repeat(40)])(
    'a page subscribes also where the browser gives the language %j',
    (locale) => {
      expect(read({}, { locale, timeZone: 'Europe/Berlin' }, 'browser')).toMatchObject({
        locale: undefined,
        timeZone: 'Europe/Berlin',
      });
    },
  );

  test.each(['Etc/Unknown', 'Mars/Olympus', '+02:00', ''])(
    'a page subscribes also where the browser gives the time zone %j',
    (timeZone) => {
      expect(read({}, { locale: 'de', timeZone }, 'browser')).toMatchObject({
        locale: 'de',
        timeZone: undefined,
      });
    },
  );

  test('an endpoint that is only looked up is brought into the stored form', () => {
    expect(readKnownEndpoint('HTTPS://Push.Example.org:443/x', ['input'])).toBe('https://push.example.org/x');
    expect(readKnownEndpoint('nonsense', ['input'])).toBe('nonsense');
  });
});
