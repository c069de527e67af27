import fc from 'fast-check';
import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  GraphQLNonNull,
  isInputObjectType,
} from 'graphql';
import { ConfigError, readConfig } from '../../../src/config';
import { classifyAnswer } from '../../../src/delivery/outcome/classifyAnswer';
import { checkPushEndpoint } from '../../../src/egress/allowedPushHost';
import { isPublicAddress } from '../../../src/egress/publicAddress';
import { parsePushHosts } from '../../../src/egress/pushHostPolicy';
import { readDocument } from '../../../src/graphql/admission/documentLimits';
import { PeerNetworks } from '../../../src/graphql/admission/peerNetworks';
import { readCreateApiKey } from '../../../src/graphql/apiKey/readCreateApiKey';
import { readApplicationSettings } from '../../../src/graphql/application/readApplicationSettings';
import { readAudience } from '../../../src/graphql/audience/readAudience';
import { readSendNotification } from '../../../src/graphql/notification/readSendNotification';
import { readPage } from '../../../src/graphql/paging/readPage';
import { readKnownEndpoint, readSubscribe } from '../../../src/graphql/pushSubscription/readSubscribe';
import { buildFanfareSchema } from '../../../src/graphql/schema';
import { readConfigureUserProof } from '../../../src/graphql/userProof/readConfigureUserProof';
import { PublicIds } from '../../../src/model/ids/publicIds';
import { keptAnswerHeaders, pushFailures } from '../../../src/model/pushAnswer';
import { Refusal, refusalCodes } from '../../../src/model/refusal';
import { decodeDispatchMessage, encodeDispatchMessage } from '../../../src/queue/dispatchMessage';
import { MasterSecret } from '../../../src/secrets/masterSecret';
import { ReceiptTokens, receiptTokenLength } from '../../../src/secrets/receiptToken';
import { SealedBox } from '../../../src/secrets/sealedBox';
import { SealedCursors } from '../../../src/secrets/sealedCursors';
import { retryAfterMs } from '../../../src/webPush/retryAfter';
import { hostileText, inputArbitrary } from '../../support/api/graphqlArbitrary';
import { fuzzRuns as runs } from '../../support/fuzzRuns';

/*
 * What comes from outside, invented by the thousand: a reader answers or refuses in its own words, and never throws
 * anything else.
 */

const schema = buildFanfareSchema();
const ids = new PublicIds('salt');
const secret = new MasterSecret('a secret of at least thirty-two characters');
const networks = new PeerNetworks(Buffer.alloc(32, 1));
const cursors = new SealedCursors(secret).of('notifications', 1);
const policy = parsePushHosts('push.example.org, localhost:9443');

/** @throws whatever is not a refusal */
function refusedOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) {
      expect(refusalCodes).toContain(error.code);
      return undefined;
    }
    throw error;
  }
}

function typeOf(name: string): GraphQLInputType {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`There is no input ${name}.`);
  return new GraphQLNonNull(type);
}

describe('GraphQL inputs', () => {
  test.each<[string, (input: never) => unknown]>([
    ['SubscribeInput', (input) => readSubscribe(input, policy, 'browser')],
    ['SendNotificationInput', (input) => readSendNotification(input, ids)],
    ['AudienceInput', (input) => readAudience(input, ['audience'], ids)],
    ['CreateApiKeyInput', readCreateApiKey],
    ['ApplicationSettingsInput', (input) => readApplicationSettings(input, ['settings'])],
    ['ConfigureUserProofInput', readConfigureUserProof],
  ])('%s', (name, read) => {
    const type = typeOf(name);
    const property = fc.property(inputArbitrary(type), (value) => {
      let fits = true;
      const coerced = coerceInputValue(value, type, () => {
        fits = false;
      });
      if (fits) refusedOr(() => read(coerced as never));
    });
    fc.assert(property, { numRuns: runs });
  });

  test('pages, cursors, ids and endpoints', () => {
    const property = fc.property(hostileText, fc.integer(), (text, first) => {
      refusedOr(() => readPage(cursors, first, text));
      refusedOr(() => readKnownEndpoint(text, ['endpoint']));
      const id = ids.decodeOne('notification', text);
      if (id !== undefined) expect(ids.encode('notification', id)).toBe(text);
      const checked = checkPushEndpoint(text, policy);
      if (checked.allowed) expect(checked.origin + checked.path).toBe(checked.endpoint);
      expect(typeof isPublicAddress(text)).toBe('boolean');
      expect(networks.of(text).length).toBeGreaterThan(0);
    });
    fc.assert(property, { numRuns: runs });
  });
});

describe('documents', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ':',
      '!',
      '$a',
      '@a',
      '...',
      '=',
      '|',
      '&',
      '"',
      '"""',
      '#',
      '\n',
    ),
    fc.constantFrom(
      'query',
      'mutation',
      'fragment a on Query',
      'notifications',
      '__schema',
      '...a',
      'first: 1',
      '\u0000',
    ),
    hostileText,
  );

  test('are let through, refused, or no documents', () => {
    const property = fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const read = readDocument(schema, pieces.join(' '));
      if ('kind' in read) expect(read.kind).toBe('Document');
      else expect(read.every((error) => error instanceof GraphQLError)).toBe(true);
    });
    fc.assert(property, { numRuns: runs });
  });
});

describe('messages of the broker', () => {
  test('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeDispatchMessage(Buffer.from(bytes));
      }),
      { numRuns: runs },
    );
  });

  test('JSON: only what we write ourselves is taken', () => {
    const nearly = fc.record(
      {
        v: fc.oneof(fc.constant(1), fc.jsonValue()),
        dispatchId: fc.oneof(fc.nat(), fc.jsonValue()),
        notificationId: fc.nat(),
      },
      { requiredKeys: [] },
    );
    const property = fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
      const message = decodeDispatchMessage(Buffer.from(JSON.stringify(value)));
      if (message) expect(JSON.parse(encodeDispatchMessage(message).toString())).toEqual(value);
    });
    fc.assert(property, { numRuns: runs });
  });
});

test('answers of push services', () => {
  const headers = fc.dictionary(fc.constantFrom(...keptAnswerHeaders), hostileText);
  const answer = fc.oneof(
    fc.record({
      kind: fc.constant('response' as const),
      status: fc.integer({ min: 0, max: 999 }),
      headers,
      body: hostileText,
    }),
    fc.record({ kind: fc.constant('failure' as const), failure: fc.constantFrom(...pushFailures) }),
  );
  const property = fc.property(
    answer,
    fc.constantFrom('fcm', 'mozilla', 'apple', 'wns', 'push.example.org'),
    fc.boolean(),
    (given, pushService, tried) => {
      const outcome = classifyAnswer({
        nowMs: 0,
        ...{ pushService, answer: given, subscriptionAgeMs: 1, freshTokenTried: tried, topicLeftOut: tried },
      });
      expect(outcome.retires && given.kind === 'failure').toBe(false);
      if (outcome.retires && given.kind === 'response') expect(given.status).toBeGreaterThanOrEqual(400);
      const waitMs = given.kind === 'response' ? retryAfterMs(given.headers, 0) : undefined;
      if (waitMs !== undefined) expect(waitMs >= 0 && waitMs <= 3_600_000).toBe(true);
    },
  );
  fc.assert(property, { numRuns: runs });
});

describe('receipt tokens and sealed values', () => {
  const tokens = new ReceiptTokens(secret);
  const box = new SealedBox(secret, 'auth');
  const token = tokens.issue(12, 34);

  test('that are not ours are nobody’s', () => {
    const forged = fc.oneof(
      hostileText,
      fc.string({
        unit: fc.constantFrom(...'ABCxyz019-_'),
        minLength: receiptTokenLength,
        maxLength: receiptTokenLength,
      }),
      fc
        .tuple(fc.nat(receiptTokenLength - 1), fc.constantFrom(...'ABab01-_'))
        .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1)),
    );
    const property = fc.property(forged, (text) => {
      if (text !== token) expect(tokens.read(text)?.subscriptionId === 34 && text !== token).not.toBe(true);
    });
    fc.assert(property, { numRuns: runs });
  });

  test('that were changed do not open', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, at) => {
      const sealed = box.seal(Buffer.from(bytes));
      expect(box.open(sealed)).toEqual(Buffer.from(bytes));
      const place = at % sealed.length;
      sealed[place] = (sealed[place] ?? 0) ^ 1;
      expect(() => box.open(sealed)).toThrow();
    });
    fc.assert(property, { numRuns: runs });
  });
});

test('the environment', () => {
  const names = [
    ...[
      'NODE_ENV',
      'FANFARE_PORT',
      'FANFARE_DATABASE_URL',
      'FANFARE_AMQP_URL',
      'FANFARE_SECRET',
      'FANFARE_PUSH_HOSTS',
    ],
    ...[
      'FANFARE_VAPID_SUBJECT',
      'FANFARE_PUBLIC_URL',
      'FANFARE_ADMIN_KEY',
      'FANFARE_QUEUE_PREFIX',
      'FANFARE_PREFETCH',
    ],
    ...[
      'FANFARE_RETENTION_DAYS',
      'FANFARE_TRUSTED_PROXIES',
      'FANFARE_REQUESTS_PER_MINUTE',
      'FANFARE_LOG_LEVEL',
    ],
  ] as const;
  const value = fc.oneof(
    hostileText,
    fc.integer().map(String),
    fc.constantFrom(
      'production',
      'sqlite::memory:',
      'mysql://a@b/c',
      'amqp://a',
      'mailto:a@b.example',
      'https://b.example',
    ),
    fc.constantFrom(
      'any-public-host',
      'localhost:1',
      '*.a.example',
      'fs_'.padEnd(30, 'a'),
      'x'.repeat(32),
      'true',
    ),
  );
  const property = fc.property(
    fc.dictionary(fc.constantFrom(...names), value),
    fc.constantFrom('all', 'api', 'worker'),
    (environment, role) => {
      try {
        expect(readConfig(environment, role).port).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.faults.length).toBeGreaterThan(0);
      }
    },
  );
  fc.assert(property, { numRuns: runs });
});
