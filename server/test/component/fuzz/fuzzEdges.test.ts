/** Values with a shape of their own, invented and damaged: read as what they say, or refused in the reader's own words. */
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { ConfigError, readConfig } from '../../../src/config';
import { DateTime } from '../../../src/graphql/scalars';
import { type IdKind } from '../../../src/model/ids/idScheme';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { ReceiptTokens } from '../../../src/secrets/receiptToken';
import { SealedCursors } from '../../../src/secrets/sealedCursors';
import { hostileText } from '../../support/api/graphqlArbitrary';
import { fuzzRuns as numRuns } from '../../support/fuzzRuns';

const secret = new MasterSecret('a secret of at least thirty-two characters');
const rowNumber = fc.oneof(
  fc.integer({ min: 1 }),
  fc.maxSafeNat().filter((value) => value > 0),
);

/** The text with one character replaced, added or taken away. */
const damaged = (text: string) =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.constantFrom('', 'A', 'z', '0', '-', '_', '=', '\u0000', '.', 'ü'),
      fc.nat(1),
    )
    .map(([at, letter, without]) => text.slice(0, at) + letter + text.slice(at + without));

describe('dates', () => {
  const digits = (length: number, most: number) =>
    fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(length, '0'));
  const zone = fc.oneof(
    fc.constantFrom('Z', 'z', '', '+00:00', '-00:00', '+14:00', '-23:59', '+24:00', '+00:60', '+1', 'UTC'),
    fc.tuple(fc.constantFrom('+', '-'), digits(2, 25), digits(2, 61)).map(([s, h, m]) => `${s}${h}:${m}`),
  );
  const date = fc
    .tuple(
      ...[fc.oneof(digits(4, 9999), fc.constantFrom('2027', '2028', '0000', '9999', '10000', '-001'))],
      ...[digits(2, 13), digits(2, 32), fc.constantFrom('T', 't', ' ', '')],
      ...[
        digits(2, 25),
        digits(2, 61),
        digits(2, 61),
        fc.constantFrom('', '.5', '.', '.123456789', ',5'),
        zone,
      ],
    )
    .map(
      ([year, month, day, t, h, m, s, fraction, z]) =>
        `${year}-${month}-${day}${t}${h}:${m}:${s}${fraction}${z}`,
    );

  test('are on the calendar, or refused', () => {
    const property = fc.property(fc.oneof(date, hostileText, fc.jsonValue()), (value) => {
      const instant = answerOf(() => DateTime.parseValue(value), GraphQLError);
      if (instant === undefined) return;
      const utc = DateTime.serialize(instant) as string;
      expect(utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(DateTime.parseValue(utc)).toBe(instant);
      const text = String(value).toUpperCase();
      const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
      const offsetMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      expect(localTime(instant + offsetMs)).toBe(text.slice(0, 19));
    });
    fc.assert(property, { numRuns });
  });

  /** Year 10000 and before year 0 too, which an offset reaches from within. */
  const localTime = (instant: number) =>
    new Date(instant)
      .toISOString()
      .replace(/\.\d{3}Z$/, '')
      .slice(-19);
});

test('ids of either scheme are one row of one kind, or none', () => {
  const kinds = ['application', 'apiKey', 'subscription', 'notification', 'dispatch'] as const;
  const property = fc.property(
    fc.constantFrom(new PublicIds('v2:salt'), new PublicIds('salt')),
    fc.constantFrom(...kinds),
    rowNumber,
    fc.infiniteStream(fc.nat()),
    (ids, kind, row, picks) => {
      const id = ids.encode(kind, row);
      expect(ids.decodeOne(kind, id)).toBe(row);
      for (const other of kinds) if (other !== kind) expect(ids.decodeOne(other, id)).toBeUndefined();
      const at = (picks.next().value ?? 0) % id.length;
      const changed = `${id.slice(0, at)}${id[at] === 'a' ? 'b' : 'a'}${id.slice(at + 1)}`;
      const decoded = ids.decodeOne(kind satisfies IdKind, changed);
      if (decoded !== undefined) expect(ids.encode(kind, decoded)).toBe(changed);
    },
  );
  fc.assert(property, { numRuns });
});

test('cursors open in their own list as they were sealed, and nowhere else', () => {
  const cursors = new SealedCursors(secret);
  const property = fc.property(
    fc.array(rowNumber, { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(hostileText, fc.nat()), { minLength: 1, maxLength: 3 }),
    hostileText,
    (position, scope, text) => {
      const list = cursors.of(...scope);
      const cursor = list.seal(position);
      expect(list.open(cursor)).toEqual(position);
      expect(cursors.of(...scope, '').open(cursor)).toBeUndefined();
      expect(list.open(text)).toBeUndefined();
      for (const changed of fc.sample(damaged(cursor), 3)) {
        if (changed !== cursor) expect(list.open(changed)).toBeUndefined();
      }
    },
  );
  fc.assert(property, { numRuns });
});

test('receipt tokens speak for their delivery, or for none', () => {
  const tokens = new ReceiptTokens(secret);
  const property = fc.property(rowNumber, rowNumber, (notificationId, subscriptionId) => {
    const token = tokens.issue(notificationId, subscriptionId);
    expect(tokens.read(token)).toEqual({ notificationId, subscriptionId });
    for (const changed of fc.sample(damaged(token), 3)) {
      const sameBytes = Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'));
      if (!sameBytes) expect(tokens.read(changed)).toBeUndefined();
    }
  });
  fc.assert(property, { numRuns });
});

test('URLs of settings are used as they were parsed, or named as faults', () => {
  const good = [
    ...[
      'https://push.example.org/base',
      'http://localhost:4000',
      'https://[::1]:4000/',
      'amqp://u:p@broker:5672/v',
    ],
    ...['amqps://broker', 'mysql://root@127.0.0.1:3306/fanfare', 'mysql://u:p%40@db/x', 'sqlite:./data/a.db'],
    ...[
      'sqlite::memory:',
      'mailto:ops@example.org',
      'file:///a',
      'javascript:alert(1)',
      'data:,x',
      '//a',
      'a b',
    ],
  ];
  const url = fc.oneof(
    fc.constantFrom(...good),
    fc.webUrl(),
    fc.constantFrom(...good).chain(damaged),
    hostileText,
  );
  const names = [
    'FANFARE_DATABASE_URL',
    'FANFARE_AMQP_URL',
    'FANFARE_PUBLIC_URL',
    'FANFARE_VAPID_SUBJECT',
  ] as const;
  const property = fc.property(
    fc.dictionary(fc.constantFrom(...names), url),
    fc.constantFrom('all' as const, 'api' as const, 'worker' as const),
    (environment, role) => {
      const config = answerOf(() => readConfig(environment, role), ConfigError);
      if (!config) return;
      const { publicUrl, vapidSubject, amqpUrl } = config;
      expect([publicUrl, new URL(publicUrl).href.replace(/\/$/, '')]).toEqual([publicUrl, publicUrl]);
      expect(new URL(publicUrl).protocol).toMatch(/^https?:$/);
      expect(new URL(vapidSubject).protocol).toMatch(/^(https|mailto):$/);
      if (amqpUrl !== undefined) expect(new URL(amqpUrl).protocol).toMatch(/^amqps?:$/);
      expect(config.database.kind).toMatch(/^(sqlite|mysql)$/);
    },
  );
  fc.assert(property, { numRuns });
});

/** @throws whatever is not of the kind that the reader refuses with */
function answerOf<T>(read: () => T, refusal: new (...given: never[]) => Error): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}
