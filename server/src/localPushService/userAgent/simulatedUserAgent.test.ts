import { MessageStore } from '../messageStore';
import { Subscriptions } from '../subscriptions';
import { SimulatedUserAgent, type SimulatedUserAgentOptions } from './simulatedUserAgent';

function setUp(options?: SimulatedUserAgentOptions) {
  const messages = new MessageStore();
  const subscriptions = new Subscriptions({ onEnd: (channel) => messages.dropHeld(channel) });
  const parts = { subscriptions, messages, origin: 'http://localhost:9443' };
  const userAgent = new SimulatedUserAgent(parts, options);
  const { endpoint } = userAgent.subscribe();
  const channel = subscriptions.find(endpoint.split('/').at(-1) ?? '');
  if (!channel || channel === 'gone') throw new Error('the subscription is not there');
  const send = () =>
    messages.accept({ channel, body: Buffer.alloc(0), ttlSeconds: 60, urgency: 'normal', topic: undefined });
  return { userAgent, messages, subscriptions, endpoint, send };
}

it('gives subscriptions as a browser does', () => {
  const { userAgent } = setUp();
  const { endpoint, expirationTime, keys } = userAgent.subscribe();
  expect(endpoint).toMatch(/^http:\/\/localhost:9443\/wpush\/v2\/[\w-]{32}$/);
  expect(expirationTime).toBeNull();
  expect(Buffer.from(keys.p256dh, 'base64url')).toHaveLength(65);
  expect(Buffer.from(keys.auth, 'base64url')).toHaveLength(16);
});

it('sees a message once when it goes offline and online while the message is on its way', async () => {
  const { userAgent, messages, send } = setUp();
  send();
  userAgent.goOffline();
  userAgent.goOnline();
  await userAgent.waitForMessages(1);
  await new Promise(setImmediate);
  expect([userAgent.receivedCount, messages.heldCount]).toEqual([1, 0]);
});

it('only counts as a sink', () => {
  const { userAgent, messages, send } = setUp({ decrypt: false });
  send();
  send();
  expect([userAgent.receivedCount, userAgent.received, messages.heldCount]).toEqual([2, [], 0]);
});

it('says how many messages came when it waits in vain', async () => {
  const { userAgent, send } = setUp();
  send();
  await expect(userAgent.waitForMessages(2, 30)).rejects.toThrow('Only 1 of 2 messages arrived within 30 ms');
});

it('ends one subscription or all of them', () => {
  const { userAgent, subscriptions, endpoint } = setUp();
  userAgent.subscribe();
  userAgent.subscribe();
  userAgent.unsubscribe(endpoint);
  expect(subscriptions.subscriptionCount).toBe(2);
  userAgent.unsubscribe();
  expect(subscriptions.subscriptionCount).toBe(0);
});
