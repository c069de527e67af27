import { pushHeaders, remainingTtlSeconds, topicHeader } from './pushRequest';

const now = 1_700_000_000_000;

const plain = {
  pushService: 'fcm',
  ttlEndsAt: now + 60_000,
  urgency: 'normal',
  authorization: 'vapid t=x, k=y',
} as const;

test('a push carries TTL, Urgency, Authorization and the content headers', () => {
  expect(pushHeaders(plain, now)).toEqual({
    ttl: '60',
    urgency: 'normal',
    authorization: 'vapid t=x, k=y',
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
  });
});

test.each([
  ['a topic', { topic: 'abc' }, { topic: 'abc' }],
  ['WNS, TTL over 0', { pushService: 'wns' }, { 'x-wns-cache-policy': 'cache' }],
  [
    'WNS, TTL run out',
    { pushService: 'wns', ttlEndsAt: now + 999 },
    { ttl: '0', 'x-wns-cache-policy': 'no-cache' },
  ],
  ['WNS, TTL 0', { pushService: 'wns', ttlEndsAt: 0 }, { ttl: '0', 'x-wns-cache-policy': 'no-cache' }],
  ['another push service, TTL 0', { ttlEndsAt: 0 }, { ttl: '0', 'x-wns-cache-policy': undefined }],
  ['no topic', { topic: undefined }, { topic: undefined }],
])('%s', (_name, change, expected) => {
  const headers: Record<string, string | undefined> = { ...pushHeaders({ ...plain, ...change }, now) };
  for (const [name, value] of Object.entries(expected)) expect(headers[name]).toBe(value);
});

test.each([
  [60_000, 60],
  [59_999, 59],
  [999, 0],
  [0, 0],
  [-5_000, 0],
  [40 * 86_400_000, 2_419_200],
])('%i ms before the deadline the TTL is %i', (leftMs, expected) => {
  expect(remainingTtlSeconds(now + leftMs, now)).toBe(expected);
});

describe('a topic', () => {
  test('is 32 characters of base64url, whatever the word', () => {
    for (const word of ['', 'news', 'ü'.repeat(500)]) {
      expect(topicHeader(1, word)).toMatch(/^[A-Za-z0-9_-]{32}$/);
    }
  });

  test('is the same for the same word, another for another word or application', () => {
    expect(topicHeader(1, 'news')).toBe(topicHeader(1, 'news'));
    expect(topicHeader(1, 'news')).not.toBe(topicHeader(2, 'news'));
    expect(topicHeader(1, 'news')).not.toBe(topicHeader(1, 'sport'));
  });
});
