/** What callers are refused: the code, the path of the field at fault, and nothing stored or sent. */
import { createECDH, randomBytes } from 'node:crypto';
import { operation } from '../support/api/graphqlCall';
import { describeEachEngine } from '../support/engines/describeEachEngine';
import type { Stage } from '../support/engines/stage';

const goodKeys = () => ({
  p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
  auth: randomBytes(16).toString('base64url'),
});

/** Begins as an uncompressed point does, but (1, 1) is not on P-256. */
const offTheCurve = (() => {
  const point = Buffer.alloc(65);
  point[0] = 4;
  point[32] = 1;
  point[64] = 1;
  return point.toString('base64url');
})();
const compressed = createECDH('prime256v1').generateKeys('base64url', 'compressed');

const keysPath = ['input', 'subscription', 'keys'];
const endpointPath = ['input', 'subscription', 'endpoint'];

type Row = [name: string, change: Record<string, unknown>, code: string, path: (string | number)[]];

const subscribing: Row[] = [
  [
    'a key off the curve',
    { keys: { ...goodKeys(), p256dh: offTheCurve } },
    'BAD_USER_INPUT',
    [...keysPath, 'p256dh'],
  ],
  [
    'a compressed key',
    { keys: { ...goodKeys(), p256dh: compressed } },
    'BAD_USER_INPUT',
    [...keysPath, 'p256dh'],
  ],
  [
    'a key cut short',
    { keys: { ...goodKeys(), p256dh: goodKeys().p256dh.slice(0, -2) } },
    'BAD_USER_INPUT',
    [...keysPath, 'p256dh'],
  ],
  ['no key', { keys: { ...goodKeys(), p256dh: '' } }, 'BAD_USER_INPUT', [...keysPath, 'p256dh']],
  [
    'an auth secret of 15 bytes',
    { keys: { ...goodKeys(), auth: randomBytes(15).toString('base64url') } },
    'BAD_USER_INPUT',
    [...keysPath, 'auth'],
  ],
  [
    'an auth secret that is no base64url',
    { keys: { ...goodKeys(), auth: '?'.repeat(22) } },
    'BAD_USER_INPUT',
    [...keysPath, 'auth'],
  ],
  ['an endpoint that is no URL', { endpoint: 'not a url' }, 'BAD_USER_INPUT', endpointPath],
  [
    'an endpoint nobody allowed',
    { endpoint: 'https://evil.example/push' },
    'ENDPOINT_NOT_ALLOWED',
    endpointPath,
  ],
  [
    'the metadata service',
    { endpoint: 'http://169.254.169.254/latest' },
    'ENDPOINT_NOT_ALLOWED',
    endpointPath,
  ],
  [
    'a neighbour of the push service',
    { endpoint: 'http://localhost:1/push' },
    'ENDPOINT_NOT_ALLOWED',
    endpointPath,
  ],
];

const pastInstant = '2020-01-01T00:00:00Z';
const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const sending: Row[] = [
  [
    'renotify without tag',
    { content: { title: 'T', renotify: true } },
    'BAD_USER_INPUT',
    ['input', 'content', 'renotify'],
  ],
  [
    'silent and vibrating',
    { content: { title: 'T', silent: true, vibrate: [1] } },
    'BAD_USER_INPUT',
    ['input', 'content', 'vibrate'],
  ],
  ['a blank title', { content: { title: ' ' } }, 'BAD_USER_INPUT', ['input', 'content', 'title']],
  [
    'a link that is none',
    { content: { title: 'T', navigate: 'javascript:alert(1)' } },
    'BAD_USER_INPUT',
    ['input', 'content', 'navigate'],
  ],
  [
    'a picture without an address',
    { content: { title: 'T', image: '/cat.png' } },
    'BAD_USER_INPUT',
    ['input', 'content', 'image'],
  ],
  [
    'an action to nowhere',
    { content: { title: 'T', actions: [{ action: 'a', title: 'A', navigate: 'ftp://x/' }] } },
    'BAD_USER_INPUT',
    ['input', 'content', 'actions', 0, 'navigate'],
  ],
  ['nobody', { audience: {} }, 'BAD_USER_INPUT', ['input', 'audience']],
  ['an empty list of users', { audience: { userIds: [] } }, 'BAD_USER_INPUT', ['input', 'audience']],
  [
    'an id that is none',
    { audience: { subscriptionIds: ['sub_nonsense'] } },
    'BAD_USER_INPUT',
    ['input', 'audience', 'subscriptionIds', 0],
  ],
  ['a past expiresAt', { expiresAt: pastInstant }, 'BAD_USER_INPUT', ['input', 'expiresAt']],
  [
    'expiresAt before sendAt',
    { sendAt: at(3600), expiresAt: at(1800) },
    'BAD_USER_INPUT',
    ['input', 'expiresAt'],
  ],
  ['a TTL beyond four weeks', { ttl: 2_419_201 }, 'BAD_USER_INPUT', ['input', 'ttl']],
  ['a negative TTL', { ttl: -1 }, 'BAD_USER_INPUT', ['input', 'ttl']],
  ['a topic without end', { topic: 't'.repeat(300) }, 'BAD_USER_INPUT', ['input', 'topic']],
  [
    'a content that is too large',
    { content: { title: 'T', body: 'x'.repeat(4_000) } },
    'PAYLOAD_TOO_LARGE',
    ['input', 'content'],
  ],
];

describeEachEngine('refusing', (scenario) => {
  scenario('browsers that no message could reach are not registered', async (stage) => {
    const stored = await rows(stage);
    for (const [name, change, code, path] of subscribing) {
      const input = {
        subscription: { endpoint: `${stage.pushService.url}/wpush/v2/x`, keys: goodKeys(), ...change },
      };
      const refusal = await refusalOf(() =>
        stage.installation.graphql(operation('subscribe'), { input }, stage.installation.publishableKey),
      );
      expect({ name, ...refusal }).toEqual({ name, code, path });
    }
    expect(await rows(stage)).toEqual(stored);
  });

  scenario('notifications that nobody should get are not stored', async (stage) => {
    await stage.subscribe({ userId: 'ada' });
    const stored = await rows(stage);
    for (const [name, change, code, path] of sending) {
      const refusal = await refusalOf(() => stage.send({ audience: { userIds: ['ada'] }, ...change }));
      expect({ name, ...refusal }).toEqual({ name, code, path });
    }
    expect(await rows(stage)).toEqual(stored);
    // the same send without a fault passes, so that it is the fault that was refused
    const id = await stage.send({ audience: { userIds: ['ada'] } });
    expect(await stage.completed(id)).toMatchObject({ progress: { targeted: 1, accepted: 1 } });
    expect(stage.posts()).toHaveLength(1);
  });

  scenario('a web page may subscribe and not send; nobody may do anything without a key', async (stage) => {
    await stage.subscribe({ userId: 'ada' });
    const stored = await rows(stage);
    const input = { audience: { userIds: ['ada'] }, content: { title: 'T' } };
    const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';
    for (const [key, code] of [
      [stage.installation.publishableKey, 'FORBIDDEN'],
      ['fs_thisKeyWasNeverMadeByAnybody', 'UNAUTHENTICATED'],
    ] as const) {
      expect(await refusalOf(() => stage.installation.graphql(send, { input }, key))).toMatchObject({ code });
    }
    expect(await rows(stage)).toEqual(stored);
    expect(stage.posts()).toEqual([]);
  });
});

async function refusalOf(call: () => Promise<unknown>): Promise<{ code?: unknown; path?: unknown }> {
  try {
    await call();
    return {};
  } catch (error) {
    const { code, path } = error as { code?: unknown; path?: unknown };
    return { code, path };
  }
}

/** How much is stored of everything a caller could have stored. */
async function rows(stage: Stage): Promise<Record<string, number>> {
  const tables = ['push_subscription', 'subscription_tag', 'notification', 'delivery', 'dispatch'];
  const counts: Record<string, number> = {};
  for (const table of tables) {
    counts[table] = (await stage.database.sql.rows(`SELECT 1 FROM ${table}`)).length;
  }
  return counts;
}
