/**
 * Text that is made for regular expressions: many repetitions of what their literal parts look for, and an end that
 * does not match. The time that a reader takes may grow with the length of the text, not with its square.
 */
import { GraphQLError } from 'graphql';
import { ConfigError, readConfig } from '../../../src/config';
import { checkPushEndpoint } from '../../../src/egress/allowedPushHost';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import { readDocument } from '../../../src/graphql/admission/documentLimits';
import { readUserId } from '../../../src/graphql/audience/readAudience';
import { checkHttpUrl, checkLanguage, checkName } from '../../../src/graphql/fields';
import { formatError } from '../../../src/graphql/formatError';
import { readKnownEndpoint } from '../../../src/graphql/pushSubscription/readSubscribe';
import { DateTime } from '../../../src/graphql/scalars';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { readConfigureUserProof } from '../../../src/graphql/userProof/readConfigureUserProof';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { Refusal } from '../../../src/model/refusal';
import { silentLog } from '../../../src/observe/log';
import { decodeDispatchMessage } from '../../../src/queue/dispatchMessage';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { ReceiptTokens } from '../../../src/secrets/receiptToken';
import { SealedCursors } from '../../../src/secrets/sealedCursors';
import { retryAfterMs } from '../../../src/webPush/retryAfter';

const secret = new MasterSecret('a secret of at least thirty-two characters');
const cursors = new SealedCursors(secret).of('notifications', 1);
const tokens = new ReceiptTokens(secret);
const schema = buildFanfareSchema();
const policy = parsePushHosts('push.example.org, localhost:9443');
const [encrypted, shuffled] = [new PublicIds('v2:salt'), new PublicIds('salt')];
const settings = [
  ...['FANFARE_DATABASE_URL', 'FANFARE_AMQP_URL', 'FANFARE_PUBLIC_URL', 'FANFARE_VAPID_SUBJECT'],
  ...['FANFARE_PUSH_HOSTS', 'FANFARE_ADMIN_KEY', 'FANFARE_QUEUE_PREFIX', 'FANFARE_OPERATION_LIMITS'],
];

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'an error message': (text) => formatError(new GraphQLError(text), silentLog),
  'a wrong variable': (text) =>
    formatError(new GraphQLError(`Variable "$input" got invalid value ${text}; x`), silentLog),
  'a document': (text) => readDocument(schema, `{ viewer { name } } # ${text}`),
  'a document as such': (text) => readDocument(schema, text),
  'an endpoint': (text) => checkPushEndpoint(text, policy),
  'an endpoint of a listed host': (text) => checkPushEndpoint(`https://push.example.org/${text}`, policy),
  'a known endpoint': (text) => readKnownEndpoint(text, ['endpoint']),
  'a user': (text) => readUserId(text, ['userId']),
  'a name': (text) => checkName(text, ['name'], 1_000_000),
  'a URL': (text) => checkHttpUrl(`https://a.example/${text}`, ['navigate']),
  'a language': (text) => checkLanguage(text, ['lang']),
  'a date': (text) => DateTime.parseValue(text),
  'a date with a fraction': (text) => DateTime.parseValue(`2026-01-31T09:30:00.${text}`),
  'a cursor': (text) => cursors.open(text),
  'a receipt token': (text) => tokens.read(text),
  'an id': (text) => encrypted.decode('notification', `ntf_${text}`),
  'an id of an earlier installation': (text) => shuffled.decode('notification', `ntf_${text}`),
  'a key for user proofs': (text) => readConfigureUserProof({ publicKey: text }),
  'a message of the broker': (text) => decodeDispatchMessage(Buffer.from(text)),
  'Retry-After': (text) => retryAfterMs({ 'retry-after': text }, 0),
  settings: (text) => readConfig(Object.fromEntries(settings.map((name) => [name, text])), 'all'),
};

const pieces = [
  ...[
    ' Did you mean ',
    'Variable "$a" got invalid value ',
    ' at "a',
    '; ',
    'Field "a" ',
    ' Name "',
    '"',
    '\\',
  ],
  ...[
    ' ',
    '\t',
    '\n',
    '\u0000',
    '\ud800',
    'a',
    'A',
    '0',
    '-',
    '_',
    '.',
    'a.',
    '*.',
    '.a-',
    '[',
    ':',
    '::',
    '@',
  ],
  ...[
    '/',
    '//',
    '?',
    '#',
    '%',
    '%41',
    ',',
    '=',
    '+',
    '{',
    '}',
    '(',
    '{a',
    '"""',
    '-----BEGIN PUBLIC KEY-----',
  ],
  ...['mailto:a@', 'https://', 'sqlite:', 'Bearer ', 'x-', '-a', 'ü', '👋', '\u2028'],
];
const ends = ['', '\n', '!', '\u0000'];
const [shortLength, factor] = [8_000, 8];

describe.each(Object.entries(readers))('%s', (_name, read) => {
  test('is read in time that grows with its length', () => {
    for (const piece of pieces) {
      for (const end of ends) {
        const text = (length: number) =>
          piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + end;
        const [short, long] = [text(shortLength), text(shortLength * factor)];
        // most readers look at the length first, so one call shows that there is nothing to measure
        if (timeOf(read, long) < 5) continue;
        const growth =
          best(() => timeOf(read, long)) /
          Math.max(
            best(() => timeOf(read, short)),
            0.2,
          );
        expect([piece, end, growth < factor * 4 ? 'linear' : growth]).toEqual([piece, end, 'linear']);
      }
    }
  });
});

function timeOf(read: (text: string) => unknown, text: string): number {
  const since = performance.now();
  try {
    read(text);
  } catch (error) {
    const isRefusal =
      error instanceof Refusal || error instanceof ConfigError || error instanceof GraphQLError;
    if (!isRefusal) throw error;
  }
  return performance.now() - since;
}

function best(measure: () => number): number {
  return Math.min(...Array.from({ length: 5 }, measure));
}
