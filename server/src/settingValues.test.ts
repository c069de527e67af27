import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readCaFile, readDatabaseUrl, readPublicUrl, readVapidSubject } from './settingValues';

test.each([
  ['https://push.example.com/', 'https://push.example.com'],
  ['https://push.bücher.example', 'https://push.xn--bcher-kva.example'],
  ['HTTPS://Push.Example.com:443/base/', 'https://push.example.com/base'],
  ['http://localhost:4000', 'http://localhost:4000'],
])('the public URL %s is used as %s', (text, used) => {
  expect(readPublicUrl(text)).toBe(used);
});

test.each([
  ['push.example.com', 'http or https'],
  ['ftp://push.example.com', 'http or https'],
  ['https://push.example.com/graphql', '/graphql'],
  ['https://push.example.com/base/graphql/', '/graphql'],
  ['https://push.example.com/?a=b', 'query'],
  ['https://push.example.com/#', 'fragment'],
  ['https://ada:pw@push.example.com', 'user name'],
])('the public URL %s is refused', (text, reason) => {
  expect(() => readPublicUrl(text)).toThrow(reason);
});

test.each([
  ['mailto:push@example.com', 'mailto:push@example.com'],
  ['mailto:push@xn--e1afmkfd.xn--p1ai', 'mailto:push@xn--e1afmkfd.xn--p1ai'],
  ['mailto:push@bücher.example', 'mailto:push@xn--bcher-kva.example'],
  ['https://example.com:8443/contact', 'https://example.com:8443/contact'],
  ['https://example.com?team=push', 'https://example.com/?team=push'],
  ['https://xn--e1afmkfd.xn--p1ai', 'https://xn--e1afmkfd.xn--p1ai/'],
])('the VAPID subject %s is used as %s', (text, used) => {
  expect(readVapidSubject(text)).toBe(used);
});

test.each([
  ...[
    'me@example.com',
    'mailto:me',
    'mailto:me@localhost',
    'mailto:me@host.local',
    'mailto:<me@example.com>',
  ],
  ...[
    'mailto: me@example.com',
    'mailto:a@b@example.com',
    'mailto:me@192.0.2.1',
    'mailto:me@example.com?cc=a@b.c',
  ],
  ...[
    'https://localhost',
    'https://192.0.2.1',
    'https://[2001:db8::1]',
    'http://example.com',
    'https://intranet',
  ],
  ...['https://ada:pw@example.com', 'https://example.com/ a'],
])('the VAPID subject %s is refused', (text) => {
  expect(() => readVapidSubject(text)).toThrow('must be mailto:name@domain');
});

test.each(['sqlite:./data/fanfare.db', 'sqlite::memory:', 'mysql://root@db/fanfare?ssl=required'])(
  'the database URL %s is taken',
  (url) => expect(readDatabaseUrl(url)).toBe(url),
);

test.each([
  ['sqlite:', 'must be sqlite:<file>'],
  ['sqlite:./fanfare.db?mode=ro', 'SQLite takes no parameters'],
  ['postgres://root@db/fanfare', 'must be sqlite:<file>'],
  ['mysql://root@db/fanfare?ssl=true', 'ssl'],
])('the database URL %s is refused', (url, reason) => {
  expect(() => readDatabaseUrl(url)).toThrow(reason);
});

test.each([
  ['/nowhere/ca.pem', '/nowhere/ca.pem cannot be read'],
  [__filename, 'does not contain a valid PEM certificate'],
])('the certificate file %s is refused', (file, reason) => {
  expect(() => readCaFile(file)).toThrow(reason);
});

test('a file with a broken certificate after a good one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-ca-'));
  const file = join(folder, 'ca.pem');
  const [good = ''] = rootCertificates;
  writeFileSync(file, good);
  expect(readCaFile(file)).toBe(file);
  writeFileSync(file, `${good}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`);
  expect(() => readCaFile(file)).toThrow('does not contain a valid PEM certificate');
  rmSync(folder, { recursive: true });
});
