import { request } from 'node:http';
import { generateRequestDetails, generateVAPIDKeys, type RequestOptions } from 'web-push';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import type { PushSubscriptionJson } from '../../../src/localPushService/userAgent/simulatedUserAgent';

const vapidKeys = generateVAPIDKeys();
const otherKeys = generateVAPIDKeys();
const subject = 'mailto:push@example.org';

let service: LocalPushService;

beforeEach(async () => {
  service = await startLocalPushService();
});

afterEach(() => service.stop());

/** Sends as an application server does, with the web-push package's own encryption and VAPID token. */
function push(
  subscription: PushSubscriptionJson,
  payload: string | null,
  options: RequestOptions & { extraHeaders?: Record<string, string> } = {},
): Promise<Response> {
  const { extraHeaders, ...rest } = options;
  const details = generateRequestDetails(subscription, payload ?? undefined, {
    vapidDetails: { subject, ...vapidKeys },
    TTL: 60,
    ...rest,
  });
  const headers = { ...(details.headers as Record<string, string>), ...extraHeaders };
  return fetch(details.endpoint, { method: 'POST', headers, body: details.body });
}

async function errnoOf(answer: Response): Promise<number> {
  const { errno } = (await answer.json()) as { errno: number };
  return errno;
}

describe('an accepted push message', () => {
  it('reaches the user agent, decrypted', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    const answer = await push(subscription, 'Grüße', { urgency: 'high', topic: 'news', TTL: 3_000_000 });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('ttl')).toBe('2592000');
    const [message] = await userAgent.waitForMessages(1);
    expect(message).toMatchObject({
      plaintext: 'Grüße',
      subscription: subscription.endpoint,
      urgency: 'high',
      topic: 'news',
      ttlSeconds: 2_592_000,
    });
    expect(answer.headers.get('location')).toBe(`${service.url}/m/${message?.messageId}`);
    expect(service.acknowledgements).toMatchObject([{ kind: 'ack', code: 100, uaid: userAgent.uaid }]);
  });

  it('may be empty', async () => {
    const userAgent = service.createUserAgent();
    const answer = await push(userAgent.subscribe(vapidKeys.publicKey), null);
    expect(answer.status).toBe(201);
    const [message] = await userAgent.waitForMessages(1);
    expect(message?.plaintext).toBeNull();
  });

  it('keeps the subscriptions of one user agent apart', async () => {
    const userAgent = service.createUserAgent();
    const first = userAgent.subscribe(vapidKeys.publicKey);
    const second = userAgent.subscribe(vapidKeys.publicKey);
    await push(second, 'to the second');
    await push(first, 'to the first');
    const received = await userAgent.waitForMessages(2);
    expect(received.map(({ plaintext, subscription }) => [plaintext, subscription])).toEqual([
      ['to the second', second.endpoint],
      ['to the first', first.endpoint],
    ]);
  });

  it('that cannot be decrypted is noted as such', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    const stranger = service.createUserAgent().subscribe(vapidKeys.publicKey);
    await push({ ...stranger, endpoint: subscription.endpoint }, 'for other eyes');
    await userAgent.waitForMessages(1);
    expect(userAgent.received).toEqual([]);
    expect(userAgent.decryptionFailures).toMatchObject([{ subscription: subscription.endpoint }]);
    expect(service.acknowledgements).toMatchObject([{ code: 101 }]);
  });
});

describe('an offline user agent', () => {
  it('gets what was held for it, in order, with only the newest of a topic', async () => {
    const userAgent = service.createUserAgent({ online: false });
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    await push(subscription, 'score 1:0', { topic: 'score' });
    await push(subscription, 'hello');
    await push(subscription, 'score 2:0', { topic: 'score' });
    await push(subscription, 'now or never', { TTL: 0 });
    expect(service.stats().heldMessages).toBe(2);
    userAgent.goOnline();
    await userAgent.waitForMessages(2);
    expect(userAgent.received.map(({ plaintext }) => plaintext)).toEqual(['hello', 'score 2:0']);
    expect(service.stats().heldMessages).toBe(0);
  });

  it('does not get a message that was cancelled through its Location', async () => {
    const userAgent = service.createUserAgent({ online: false });
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    const cancelled = await push(subscription, 'a mistake');
    await push(subscription, 'the truth');
    const location = cancelled.headers.get('location') ?? '';
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(404);
    userAgent.goOnline();
    await userAgent.waitForMessages(1);
    expect(userAgent.received.map(({ plaintext }) => plaintext)).toEqual(['the truth']);
  });
});

describe('a refused push message', () => {
  it.each([
    ['no TTL', { extraHeaders: { TTL: '' } }, 400, 111],
    ['a negative TTL', { extraHeaders: { TTL: '-1' } }, 400, 114],
    ['an unknown urgency', { extraHeaders: { Urgency: 'urgent' } }, 400, 999],
    ['a topic too long', { extraHeaders: { Topic: 't'.repeat(33) } }, 400, 113],
    ['another encoding', { extraHeaders: { 'Content-Encoding': 'aesgcm' } }, 400, 110],
    ['no credentials', { extraHeaders: { Authorization: '' } }, 401, 109],
    ["another sender's key", { vapidDetails: { subject, ...otherKeys } }, 401, 109],
    ['a body of more than 4096 bytes', { payload: 'x'.repeat(3994) }, 413, 104],
  ])('%s', async (_, { payload = 'x', ...options }: { payload?: string } & object, status, number) => {
    const userAgent = service.createUserAgent();
    const answer = await push(userAgent.subscribe(vapidKeys.publicKey), payload, options);
    expect(answer.status).toBe(status);
    expect(await errnoOf(answer)).toBe(number);
    expect(service.requests).toMatchObject([{ outcome: status }]);
    expect(userAgent.receivedCount).toBe(0);
  });

  it('for a subscription that never was, and one that ended', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    const unknown = await push({ ...subscription, endpoint: `${service.url}/wpush/v2/unknown` }, 'x');
    expect([unknown.status, await errnoOf(unknown)]).toEqual([404, 102]);
    userAgent.unsubscribe(subscription.endpoint);
    const ended = await push(subscription, 'x');
    expect([ended.status, await errnoOf(ended)]).toEqual([410, 106]);
  });

  it('when the token names another origin than the one addressed', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    const { headers, body } = generateRequestDetails(subscription, 'x', {
      vapidDetails: { subject, ...vapidKeys },
    });
    const elsewhere = subscription.endpoint.replace('localhost', '127.0.0.1');
    const answer = await fetch(elsewhere, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    expect(answer.status).toBe(401);
  });
});

it('answers under several names', async () => {
  const origin = `http://127.0.0.1:${service.port}`;
  const userAgent = service.createUserAgent({ origin });
  const subscription = userAgent.subscribe(vapidKeys.publicKey);
  expect(subscription.endpoint.startsWith(`${origin}/wpush/v2/`)).toBe(true);
  expect((await push(subscription, 'x')).status).toBe(201);
});

it('takes an origin without the port that its scheme implies', async () => {
  const origin = 'http://push.example';
  const subscription = service.createUserAgent({ origin }).subscribe(vapidKeys.publicKey);
  const { headers, endpoint, body } = generateRequestDetails(subscription, 'x', {
    vapidDetails: { subject, ...vapidKeys },
  });
  const options = { method: 'POST', agent: false, headers: { ...headers, host: 'Push.example:80' } };
  const status = await new Promise((resolve, reject) => {
    const post = request(endpoint.replace(origin, service.url), options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    post.on('error', reject).end(body);
  });
  expect(status).toBe(201);
});

it('serves thousands of user agents that only count', async () => {
  const userAgents = Array.from({ length: 5000 }, () => service.createUserAgent({ decrypt: false }));
  const [subscription] = userAgents.map((userAgent) => userAgent.subscribe(vapidKeys.publicKey));
  if (!subscription) throw new Error('no subscription');
  await push(subscription, 'x');
  await userAgents[0]?.waitForMessages(1);
  expect(service.stats()).toMatchObject({ userAgents: 5000, subscriptions: 5000, heldMessages: 0 });
});
