import { MessageStore } from './messageStore';
import { Subscriptions } from './subscriptions';
import type { UserAgentConnection } from './userAgent/userAgent';

function setUp() {
  const clock = { nowMs: 1_000_000 };
  const messages = new MessageStore(() => clock.nowMs);
  const subscriptions = new Subscriptions({ onEnd: (channel) => messages.dropHeld(channel) });
  const userAgent = subscriptions.addUserAgent(false);
  const channel = subscriptions.register(userAgent);
  const other = subscriptions.register(userAgent);
  const send = (text: string, more: { ttlSeconds?: number; topic?: string; channel?: typeof other } = {}) =>
    messages.accept({
      channel,
      body: Buffer.from(text),
      ttlSeconds: 60,
      urgency: 'normal',
      topic: undefined,
      ...more,
    });
  return { clock, messages, subscriptions, userAgent, channel, other, send };
}

function connection(): UserAgentConnection & { seen: string[] } {
  const seen: string[] = [];
  return { seen, deliver: (message) => seen.push(message.body.toString()), close: () => undefined };
}

it('hands a message over at once and again at every connect, until it is settled', () => {
  const { messages, userAgent, send } = setUp();
  const [first, second] = [connection(), connection()];
  messages.connect(userAgent, first);
  const { id } = send('a');
  messages.disconnect(userAgent, first);
  messages.connect(userAgent, second);
  messages.settle(userAgent, id);
  const third = connection();
  messages.connect(userAgent, third);
  expect([first.seen, second.seen, third.seen]).toEqual([['a'], ['a'], []]);
});

it.each([
  ['before its TTL has run out', 59_999, ['a']],
  ['at its TTL', 60_000, []],
])('delivers a held message %s', (_, passedMs, expected) => {
  const { clock, messages, userAgent, send } = setUp();
  send('a');
  clock.nowMs += passedMs;
  const late = connection();
  messages.connect(userAgent, late);
  expect(late.seen).toEqual(expected);
});

it('drops a message of TTL 0 when nobody is there', () => {
  const { messages, userAgent, send } = setUp();
  send('a', { ttlSeconds: 0 });
  const late = connection();
  messages.connect(userAgent, late);
  send('b', { ttlSeconds: 0 });
  expect(late.seen).toEqual(['b']);
  expect(messages.heldCount).toBe(0);
});

it('replaces by topic only within one subscription', () => {
  const { messages, userAgent, other, send } = setUp();
  send('old', { topic: 't' });
  send('elsewhere', { topic: 't', channel: other });
  send('plain');
  send('new', { topic: 't' });
  const late = connection();
  messages.connect(userAgent, late);
  expect(late.seen).toEqual(['elsewhere', 'plain', 'new']);
});

it('cancels what is held and alive, once', () => {
  const { clock, messages, send } = setUp();
  const { id } = send('a');
  expect([messages.cancel(id), messages.cancel(id), messages.cancel('unknown')]).toEqual([
    true,
    false,
    false,
  ]);
  const expired = send('b');
  clock.nowMs += 60_000;
  expect(messages.cancel(expired.id)).toBe(false);
});

it('lets one user agent settle only its own messages', () => {
  const { messages, subscriptions, send } = setUp();
  const { id } = send('a');
  messages.settle(subscriptions.addUserAgent(false), id);
  expect(messages.heldCount).toBe(1);
});

it('holds the newest thousand for a user agent', () => {
  const { messages, userAgent, send } = setUp();
  for (let n = 0; n < 1002; n += 1) send(String(n));
  const late = connection();
  messages.connect(userAgent, late);
  expect([late.seen.length, late.seen[0], messages.heldCount]).toEqual([1000, '2', 1000]);
});

it('forgets what is held for a subscription that ends', () => {
  const { messages, subscriptions, userAgent, channel, other, send } = setUp();
  send('a');
  send('b', { channel: other });
  subscriptions.unregister(userAgent, channel.channelId);
  expect(messages.heldCount).toBe(1);
  subscriptions.forget(userAgent);
  expect(messages.heldCount).toBe(0);
});

it('closes the old connection when a user agent has a new one', () => {
  const { messages, userAgent } = setUp();
  const close = jest.fn();
  const old = { deliver: () => undefined, close };
  messages.connect(userAgent, old);
  const next = connection();
  messages.connect(userAgent, next);
  messages.disconnect(userAgent, old);
  expect(close).toHaveBeenCalledTimes(1);
  expect(userAgent.connection).toBe(next);
});
