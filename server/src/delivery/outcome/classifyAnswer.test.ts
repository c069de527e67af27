import type { Outcome } from '../../model/outcome';
import { pushFailures } from '../../model/pushAnswer';
import { answerRules } from './answerRules';
import { type ClassifyInput, classifyAnswer } from './classifyAnswer';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-11-23T12:00:00Z');
const noMatch = 'the VAPID credentials in the authorization header do not correspond to the credentials used';

interface Example {
  from: string;
  status: number;
  body?: string;
  headers?: Record<string, string>;
  ageMs?: number;
}

function classify(example: Example, more: Partial<ClassifyInput> = {}): Outcome {
  const { from, status, body = '', headers = {}, ageMs = dayMs } = example;
  const answer = { kind: 'response', status, headers, body } as const;
  return classifyAnswer({ pushService: from, answer, subscriptionAgeMs: ageMs, nowMs, ...more });
}

/** kind, reason, retry and, where set, `retires` and `holdsKey`, as one line. */
function summary({ kind, reason, retry, retires, holdsKey }: Outcome): string {
  return [kind, reason, retry, ...(retires ? ['retires'] : []), ...(holdsKey ? ['holds key'] : [])].join(' ');
}

const examples: Array<[Example, string]> = [
  [{ from: 'wns', status: 200, headers: { 'x-wns-status': 'received' } }, 'accepted accepted no'],
  [
    { from: 'wns', status: 200, headers: { 'x-wns-status': 'channelthrottled' } },
    'throttled channel-throttled backoff',
  ],
  [
    { from: 'wns', status: 201, headers: { 'x-wns-notificationstatus': 'ChannelThrottled' } },
    'throttled channel-throttled backoff',
  ],
  [{ from: 'wns', status: 200, headers: { 'x-wns-status': 'dropped' } }, 'rejected dropped no'],
  [{ from: 'fcm', status: 201, headers: { 'x-wns-status': 'dropped' } }, 'accepted accepted no'],
  [{ from: 'mozilla', status: 201 }, 'accepted accepted no'],
  [{ from: 'apple', status: 200 }, 'accepted accepted no'],
  [{ from: 'push.example.org', status: 202 }, 'accepted accepted no'],
  [{ from: 'push.example.org', status: 204 }, 'accepted accepted no'],

  [{ from: 'fcm', status: 410, ageMs: 59_999 }, 'gone new-subscription-unknown backoff'],
  [{ from: 'fcm', status: 404, ageMs: 0 }, 'gone new-subscription-unknown backoff'],
  [{ from: 'fcm', status: 410, ageMs: 60_000 }, 'gone unknown-subscription no retires'],
  [{ from: 'mozilla', status: 410, ageMs: 0 }, 'gone unknown-subscription no retires'],
  [{ from: 'mozilla', status: 404, body: '{"errno":102}' }, 'gone unknown-subscription no retires'],
  [{ from: 'apple', status: 410, body: '{"reason":"Unregistered"}' }, 'gone unknown-subscription no retires'],
  [{ from: 'wns', status: 404 }, 'gone unknown-subscription no retires'],

  [{ from: 'apple', status: 400, body: '{"reason":"VapidPkHashMismatch"}' }, 'keyMismatch key-mismatch no'],
  [{ from: 'apple', status: 403, body: '{"reason":"VapidPkHashMismatch"}' }, 'keyMismatch key-mismatch no'],
  [{ from: 'fcm', status: 403, body: noMatch }, 'keyMismatch key-mismatch no'],

  [
    { from: 'fcm', status: 401, body: 'Authorization header must be specified' },
    'credential bad-token freshToken holds key',
  ],
  [
    { from: 'fcm', status: 400, body: '<TITLE>UnauthorizedRegistration</TITLE>' },
    'credential bad-token freshToken holds key',
  ],
  [
    { from: 'fcm', status: 403, body: 'invalid push subscription endpoint' },
    'credential endpoint-refused freshToken',
  ],
  [
    { from: 'mozilla', status: 401, body: '{"errno":109,"message":"VAPID public key mismatch"}' },
    'keyMismatch key-mismatch no',
  ],
  [{ from: 'mozilla', status: 401, body: '{"errno":109}' }, 'credential bad-token freshToken holds key'],
  [{ from: 'mozilla', status: 400, body: '{"errno": 109}' }, 'credential bad-token freshToken holds key'],
  [
    { from: 'apple', status: 403, body: '{"reason":"BadJwtToken"}' },
    'credential bad-token freshToken holds key',
  ],
  [{ from: 'wns', status: 403 }, 'credential bad-token freshToken holds key'],

  [{ from: 'mozilla', status: 413, body: '{"errno":104}' }, 'rejected too-large no'],
  [{ from: 'apple', status: 413, body: '{"reason":"PayloadTooLarge"}' }, 'rejected too-large no'],
  [{ from: 'fcm', status: 400, body: 'must be less than 4096 bytes' }, 'rejected too-large no'],
  [{ from: 'apple', status: 400, body: '{"reason":"BadWebPushTopic"}' }, 'rejected bad-topic withoutTopic'],

  [{ from: 'fcm', status: 429 }, 'throttled too-many-requests backoff'],
  [{ from: 'push.example.org', status: 429 }, 'throttled too-many-requests backoff'],
  [{ from: 'wns', status: 406 }, 'throttled too-many-requests backoff'],
  [{ from: 'fcm', status: 406 }, 'rejected bad-request no'],

  [{ from: 'fcm', status: 408 }, 'transient unavailable backoff'],
  [{ from: 'fcm', status: 425 }, 'transient unavailable backoff'],
  [{ from: 'mozilla', status: 500 }, 'transient unavailable backoff'],
  [{ from: 'mozilla', status: 502, body: '{"errno":901}' }, 'transient unavailable backoff'],
  [{ from: 'mozilla', status: 503 }, 'transient unavailable backoff'],
  [{ from: 'apple', status: 599 }, 'transient unavailable backoff'],

  [{ from: 'fcm', status: 301, headers: { location: 'https://x.example' } }, 'rejected redirect no'],
  [{ from: 'fcm', status: 307 }, 'rejected redirect no'],
  [{ from: 'fcm', status: 400, body: 'InvalidTtlParameter' }, 'rejected bad-request no'],
  [{ from: 'mozilla', status: 400, body: '{"errno":1090}' }, 'rejected bad-request no'],
  [{ from: 'wns', status: 405 }, 'rejected bad-request no'],
  [{ from: 'push.example.org', status: 418 }, 'rejected bad-request no'],
  [{ from: 'push.example.org', status: 600 }, 'rejected unexpected-status no'],
  [{ from: 'push.example.org', status: 199 }, 'rejected unexpected-status no'],
];

test.each(examples)('%j is %s', (example, expected) => {
  expect(summary(classify(example))).toBe(expected);
  expect(classify(example).httpStatus).toBe(example.status);
});

test('every row of the table is met by an example', () => {
  const met = new Set(examples.map(([example]) => summary(classify(example))));
  const rows = answerRules.map((rule) =>
    summary({ retry: 'no', retires: false, holdsKey: false, ...rule } as Outcome),
  );
  expect(rows.filter((row) => !met.has(row))).toEqual([]);
});

test('of all statuses only 404 and 410 retire a subscription', () => {
  for (const from of ['fcm', 'mozilla', 'apple', 'wns', 'push.example.org']) {
    const retiring = Array.from({ length: 900 }, (_, i) => i + 100).filter(
      (status) => classify({ from, status }).retires,
    );
    expect(retiring).toEqual([404, 410]);
  }
});

test.each(pushFailures)('the failure %s retires nothing', (failure) => {
  const answer = { kind: 'failure', failure } as const;
  const outcome = classifyAnswer({ pushService: 'fcm', answer, subscriptionAgeMs: 0, nowMs });
  const expected = failure === 'blocked-address' ? `rejected ${failure} no` : `transient ${failure} backoff`;
  expect(summary(outcome)).toBe(expected);
  expect(outcome).not.toHaveProperty('httpStatus');
});

describe('the wait a push service asks for', () => {
  test.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['an HTTP date', { 'retry-after': 'Mon, 23 Nov 2026 12:05:00 GMT' }, 300_000],
    ['an obsolete HTTP date', { 'retry-after': 'Monday, 23-Nov-26 12:05:00 GMT' }, 300_000],
    ['a date gone by', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
    ['more than an hour', { 'retry-after': '86400' }, 3_600_000],
    ['an absurd number', { 'retry-after': '9'.repeat(400) }, 3_600_000],
    ['X-WNS-Continue-After', { 'x-wns-continue-after': '7' }, 7_000],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['rubbish', { 'retry-after': 'soon' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_name, headers, expected) => {
    expect(classify({ from: 'fcm', status: 429, headers }).retryAfterMs).toBe(expected);
    expect(classify({ from: 'fcm', status: 503, headers }).retryAfterMs).toBe(expected);
  });

  test('is ten seconds for a new subscription FCM does not know yet', () => {
    expect(classify({ from: 'fcm', status: 410, ageMs: 0 }).retryAfterMs).toBe(10_000);
  });

  test('is not passed on where no retry follows', () => {
    expect(classify({ from: 'fcm', status: 400, headers: { 'retry-after': '5' } })).not.toHaveProperty(
      'retryAfterMs',
    );
  });
});

test.each([
  ['a fresh token', { from: 'fcm', status: 401 }, { freshTokenTried: true }],
  ['leaving out the Topic', { from: 'apple', status: 400, body: 'BadWebPushTopic' }, { topicLeftOut: true }],
])('%s is tried once', (_name, example, tried) => {
  expect(classify(example).retry).not.toBe('no');
  expect(classify(example, tried).retry).toBe('no');
});
