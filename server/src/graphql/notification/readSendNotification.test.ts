import { PublicIds } from '../../model/ids/publicIds';
import { Refusal } from '../../model/refusal';
import { DirectionEnum, UrgencyEnum } from '../enums';
import { readSendNotification } from './readSendNotification';
import type { SendNotificationInput } from './sendNotificationInput';

const ids = new PublicIds('salt');
const sub = (id: number) => ids.encode('subscription', id);
const url = 'https://shop.example/a?b#c';

type Changes = { [K in keyof SendNotificationInput]?: unknown };

function read(changes: Changes) {
  const input = { audience: { everyone: true }, content: { title: 'Hi' }, ...changes };
  return readSendNotification(input as SendNotificationInput, ids);
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

const content = (members: Record<string, unknown>) => ({ content: { title: 'Hi', ...members } });
const audience = (members: Record<string, unknown>) => ({ audience: members });
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('a send request', () => {
  test('defaults are filled in', () => {
    expect(read({})).toEqual({
      audience: { everyone: true },
      content: { title: 'Hi' },
      ttlSeconds: 86_400,
      urgency: 'normal',
    });
  });

  test('everything at once', () => {
    const everything = {
      ...{
        body: 'b',
        navigate: url,
        icon: url,
        image: url,
        badge: url,
        tag: 't',
        lang: 'de-ch',
        dir: DirectionEnum.RTL,
      },
      ...{
        silent: false,
        requireInteraction: true,
        renotify: true,
        vibrate: [0, 10_000],
        timestamp: 5,
        appBadge: 0,
      },
      ...{ actions: [{ action: 'buy', title: 'Buy', navigate: url, icon: url }], data: { order: [1] } },
    };
    expect(
      read({
        ...content(everything),
        ...{
          ttl: 0,
          urgency: UrgencyEnum.VERY_LOW,
          topic: 'news',
          sendAt: 1,
          expiresAt: 2,
          idempotencyKey: 'k',
        },
      }),
    ).toEqual({
      audience: { everyone: true },
      content: { title: 'Hi', ...everything, lang: 'de-CH' },
      ...{ ttlSeconds: 0, urgency: 'very-low', topic: 'news', sendAt: 1, expiresAt: 2, idempotencyKey: 'k' },
    });
  });

  test('null means absent', () => {
    const nothing = Object.fromEntries(
      ['body', 'navigate', 'icon', 'tag', 'lang', 'dir', 'vibrate', 'appBadge', 'actions', 'data'].map(
        (name) => [name, null],
      ),
    );
    const nulls = {
      ttl: null,
      urgency: null,
      topic: null,
      sendAt: null,
      expiresAt: null,
      idempotencyKey: null,
    };
    expect(read({ ...content(nothing), ...nulls })).toEqual(read({}));
  });

  test.each<[string, Changes, unknown]>([
    ['users, once each', audience({ userIds: ['a', 'b', 'a'] }), { userIds: ['a', 'b'] }],
    ['push subscriptions', audience({ subscriptionIds: [sub(7), sub(8)] }), { subscriptionIds: [7, 8] }],
    ['tags', audience({ tags: { allOf: ['a'], noneOf: ['b'] } }), { tags: { allOf: ['a'], noneOf: ['b'] } }],
    ['everyone but some', audience({ tags: { noneOf: ['b'] } }), { tags: { noneOf: ['b'] } }],
    ['an intersection', audience({ everyone: false, userIds: ['a'], tags: null }), { userIds: ['a'] }],
    ['1,000 users', audience({ userIds: many(1_000, String) }), { userIds: many(1_000, String) }],
  ])('audience: %s', (_name, changes, expected) => {
    expect(read(changes).audience).toEqual(expected);
  });

  test.each<[string, Changes]>([
    ['the longest TTL', { ttl: 2_419_200 }],
    ['a topic of 255', { topic: 'x'.repeat(255) }],
    ['an emoji', content({ title: '🎺' })],
    ['data 32 deep', content({ data: nested(32) })],
    ['ten actions', content({ actions: many(10, (n) => ({ action: `a${n}`, title: 'x' })) })],
    ['http', content({ navigate: 'http://localhost:3000/x' })],
    ['silent without vibration', content({ silent: true })],
    ['vibration that is not silent', content({ silent: false, vibrate: [100] })],
  ])('%s is fine', (_name, changes) => {
    expect(() => read(changes)).not.toThrow();
  });

  const inContent = (...path: (string | number)[]) => ['input', 'content', ...path];
  const inAudience = (...path: (string | number)[]) => ['input', 'audience', ...path];
  const action = (members: Record<string, unknown>) =>
    content({ actions: [{ action: 'a', title: 'A', ...members }] });

  test.each<[string, Changes, (string | number)[]]>([
    ['an empty title', content({ title: '' }), inContent('title')],
    ['a blank title', content({ title: ' \n' }), inContent('title')],
    ...['navigate', 'icon', 'image', 'badge'].map((name): [string, Changes, string[]] => [
      `${name}: javascript`,
      content({ [name]: 'javascript:alert(1)' }),
      inContent(name) as string[],
    ]),
    ['a relative URL', content({ navigate: '/orders/1' }), inContent('navigate')],
    ['a URL without scheme', content({ navigate: 'shop.example' }), inContent('navigate')],
    ['a URL without host', content({ navigate: 'https:///x' }), inContent('navigate')],
    ['a URL with a newline', content({ navigate: 'https://shop.example/\nx' }), inContent('navigate')],
    ['an empty URL', content({ icon: '' }), inContent('icon')],
    ['a long URL', content({ icon: `https://shop.example/${'x'.repeat(2048)}` }), inContent('icon')],
    ['an empty tag', content({ tag: '' }), inContent('tag')],
    ['a long tag', content({ tag: 'x'.repeat(256) }), inContent('tag')],
    ['no language', content({ lang: 'not a language' }), inContent('lang')],
    ['renotify without tag', content({ renotify: true }), inContent('renotify')],
    ['silent with vibration', content({ silent: true, vibrate: [100] }), inContent('vibrate')],
    ['a long vibration', content({ vibrate: [1, 10_001] }), inContent('vibrate', 1)],
    ['a negative vibration', content({ vibrate: [-1] }), inContent('vibrate', 0)],
    ['33 vibrations', content({ vibrate: many(33, () => 1) }), inContent('vibrate')],
    ['a negative badge', content({ appBadge: -1 }), inContent('appBadge')],
    [
      'eleven actions',
      content({ actions: many(11, (n) => ({ action: `a${n}`, title: 'x' })) }),
      inContent('actions'),
    ],
    ['an action without name', action({ action: '' }), inContent('actions', 0, 'action')],
    ['an action with a long name', action({ action: 'x'.repeat(65) }), inContent('actions', 0, 'action')],
    ['an action without title', action({ title: ' ' }), inContent('actions', 0, 'title')],
    ['an action to nowhere', action({ navigate: 'nowhere' }), inContent('actions', 0, 'navigate')],
    ["an action's icon", action({ icon: 'data:x' }), inContent('actions', 0, 'icon')],
    [
      'the same action twice',
      content({ actions: many(2, () => ({ action: 'a', title: 'A' })) }),
      inContent('actions', 1, 'action'),
    ],
    ['data that is ours', content({ data: { fanfare: 1 } }), inContent('data', 'fanfare')],
    ['data 33 deep', content({ data: nested(33) }), inContent('data')],
    [
      'data deep in lists',
      content({ data: { a: many(1, () => many(1, () => nested(31))) } }),
      inContent('data'),
    ],
    ['no audience', audience({}), inAudience()],
    ['everyone: false alone', audience({ everyone: false }), inAudience()],
    ['nobody named', audience({ userIds: [], subscriptionIds: [], tags: {} }), inAudience()],
    ['empty tags alone', audience({ tags: { allOf: [], anyOf: [] } }), inAudience()],
    ['an empty list beside another', audience({ everyone: true, userIds: [] }), inAudience('userIds')],
    [
      'an empty tag list beside another',
      audience({ tags: { allOf: ['a'], anyOf: [] } }),
      inAudience('tags', 'anyOf'),
    ],
    ['empty tags beside users', audience({ userIds: ['a'], tags: {} }), inAudience('tags')],
    ['1,001 users', audience({ userIds: many(1_001, String) }), inAudience('userIds')],
    ['a user without name', audience({ userIds: ['a', ''] }), inAudience('userIds', 1)],
    ['a long user id', audience({ userIds: ['x'.repeat(256)] }), inAudience('userIds', 0)],
    ['a user id with a space behind', audience({ userIds: ['ada '] }), inAudience('userIds', 0)],
    ['a user id with a NUL', audience({ userIds: ['a\u0000'] }), inAudience('userIds', 0)],
    ['half a character', audience({ userIds: ['\ud83d'] }), inAudience('userIds', 0)],
    [
      '1,001 push subscriptions',
      audience({ subscriptionIds: many(1_001, sub) }),
      inAudience('subscriptionIds'),
    ],
    [
      'another kind of id',
      audience({ subscriptionIds: [ids.encode('notification', 1)] }),
      inAudience('subscriptionIds', 0),
    ],
    ['a bare number', audience({ subscriptionIds: [sub(1), '7'] }), inAudience('subscriptionIds', 1)],
    ['a long tag name', audience({ tags: { anyOf: ['x'.repeat(65)] } }), inAudience('tags', 'anyOf', 0)],
    ['51 tags', audience({ tags: { anyOf: many(51, String) } }), inAudience('tags', 'anyOf')],
    [
      '51 tags in two lists',
      audience({ tags: { anyOf: many(26, String), noneOf: many(25, String) } }),
      inAudience('tags'),
    ],
    ['eleven tags at once', audience({ tags: { allOf: many(11, String) } }), inAudience('tags', 'allOf')],
    ['a negative TTL', { ttl: -1 }, ['input', 'ttl']],
    ['a TTL beyond four weeks', { ttl: 2_419_201 }, ['input', 'ttl']],
    ['an empty topic', { topic: '' }, ['input', 'topic']],
    ['a long topic', { topic: 'x'.repeat(256) }, ['input', 'topic']],
    ['an empty idempotency key', { idempotencyKey: '' }, ['input', 'idempotencyKey']],
    ['a long idempotency key', { idempotencyKey: 'x'.repeat(256) }, ['input', 'idempotencyKey']],
    ['an idempotency key with a space', { idempotencyKey: ' k' }, ['input', 'idempotencyKey']],
    ['expiresAt at sendAt', { sendAt: 5, expiresAt: 5 }, ['input', 'expiresAt']],
    ['expiresAt before sendAt', { sendAt: 5, expiresAt: 4 }, ['input', 'expiresAt']],
  ])('%s is refused', (_name, changes, path) => {
    expect(refusalOf(() => read(changes))).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: path });
  });
});
