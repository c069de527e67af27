import { request } from 'node:http';
import { generateRequestDetails, generateVAPIDKeys } from 'web-push';
import { ControlClient } from '../../../src/localPushService/control/controlClient';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import type { PushSubscriptionJson } from '../../../src/localPushService/userAgent/simulatedUserAgent';

const vapidKeys = generateVAPIDKeys();
const vapidDetails = { subject: 'mailto:push@example.org', ...vapidKeys };

let service: LocalPushService;
let control: ControlClient;

beforeEach(async () => {
  service = await startLocalPushService();
  control = new ControlClient(service.url);
});

afterEach(() => service.stop());

function push(subscription: PushSubscriptionJson, payload: string, signal?: AbortSignal): Promise<Response> {
  const { endpoint, headers, body } = generateRequestDetails(subscription, payload, { vapidDetails });
  return fetch(endpoint, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body,
    signal: signal ?? null,
  });
}

describe('a scripted answer', () => {
  it('stands in for the usual one, as often as it says', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    service.script({ status: 429, headers: { 'retry-after': '120' }, body: 'slow down', times: 1 });
    const answer = await push(subscription, 'first');
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      429,
      '120',
      'slow down',
    ]);
    expect((await push(subscription, 'second')).status).toBe(201);
    await userAgent.waitForMessages(1);
    expect(userAgent.received.map(({ plaintext }) => plaintext)).toEqual(['second']);
    expect(service.stats()).toMatchObject({ posts: 2, byOutcome: { 429: 1, 201: 1 } });
  });

  it('meets only the subscription it names', async () => {
    const [one, two] = [service.createUserAgent(), service.createUserAgent()];
    const [hit, spared] = [one.subscribe(vapidKeys.publicKey), two.subscribe(vapidKeys.publicKey)];
    service.script({ subscription: hit.endpoint, status: 500 });
    expect((await push(spared, 'x')).status).toBe(201);
    expect((await push(hit, 'x')).status).toBe(500);
    service.clearScripts();
    expect((await push(hit, 'x')).status).toBe(201);
  });

  it('may only delay the usual one', async () => {
    const subscription = service.createUserAgent().subscribe(vapidKeys.publicKey);
    service.script({ delayMs: 80 });
    const startedAt = performance.now();
    expect((await push(subscription, 'x')).status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
  });
});

describe('a scripted fault', () => {
  it('resets the connection, and with accept loses the answer only', async () => {
    const userAgent = service.createUserAgent();
    const subscription = userAgent.subscribe(vapidKeys.publicKey);
    service.script({ reset: true, times: 1 });
    service.script({ reset: true, accept: true, times: 1 });
    await expect(push(subscription, 'lost')).rejects.toThrow();
    await expect(push(subscription, 'taken')).rejects.toThrow();
    const received = await userAgent.waitForMessages(1);
    expect(received.map(({ plaintext }) => plaintext)).toEqual(['taken']);
    expect(service.stats().byOutcome).toEqual({ reset: 2 });
  });

  it('stalls until the sender gives up', async () => {
    const subscription = service.createUserAgent().subscribe(vapidKeys.publicKey);
    service.script({ stall: true });
    await expect(push(subscription, 'x', AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
    expect(service.requests).toMatchObject([{ outcome: 'stall' }]);
  });

  it('sends a body that does not end', async () => {
    const subscription = service.createUserAgent().subscribe(vapidKeys.publicKey);
    service.script({ endlessBody: true, status: 500 });
    const answer = await push(subscription, 'x');
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length;
      if (bytes > 100_000) break;
    }
    expect([answer.status, bytes > 100_000]).toEqual([500, true]);
  });

  it('does not keep the service from stopping', async () => {
    const subscription = service.createUserAgent().subscribe(vapidKeys.publicKey);
    service.script({ stall: true });
    const pending = push(subscription, 'x').catch(() => 'ended');
    while (service.requests.length === 0) await new Promise(setImmediate);
    await service.stop();
    await expect(pending).resolves.toBe('ended');
    service = await startLocalPushService();
  });
});

describe('the control API', () => {
  it('leads user agents from another process', async () => {
    const [created] = await control.createUserAgents({
      subscriptions: 1,
      applicationServerKey: vapidKeys.publicKey,
    });
    const [subscription] = created?.subscriptions ?? [];
    if (!created || !subscription) throw new Error('nothing was created');
    await push(subscription, 'one');
    await control.setOnline(created.uaid, false);
    await push(subscription, 'two');
    expect(await control.stats()).toMatchObject({ posts: 2, heldMessages: 1, vapidTokensVerified: 2 });
    await control.setOnline(created.uaid, true);
    const { received } = await control.received(created.uaid, 2);
    expect(received.map(({ plaintext }) => plaintext)).toEqual(['one', 'two']);
    expect(await control.acknowledgements()).toMatchObject([{ code: 100 }, { code: 100 }]);
    await control.unsubscribe(created.uaid);
    expect((await push(subscription, 'three')).status).toBe(410);
  });

  it('scripts answers, and shows requests without their credentials', async () => {
    const [created] = await control.createUserAgents({});
    const subscription = await control.subscribe(created?.uaid ?? '', vapidKeys.publicKey);
    await control.script({ subscription: subscription.endpoint, status: 503, times: 1 });
    await push(subscription, 'x');
    await push(subscription, 'x');
    const requests = await control.requests();
    expect(requests.map(({ outcome }) => outcome)).toEqual([503, 201]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['vapid', 'vapid']);
    await control.script({ status: 500 });
    await control.clearScripts();
    expect((await push(subscription, 'x')).status).toBe(201);
    await control.reset();
    expect(await control.stats()).toMatchObject({ posts: 0, byOutcome: {}, subscriptions: 1 });
  });

  it.each([
    ['an unknown field', 'POST', 'scripts', '{"stauts":500}', 400],
    ['a status outside of HTTP', 'POST', 'scripts', '{"status":99}', 400],
    ['no JSON', 'POST', 'scripts', '{', 400],
    ['a key that is none', 'POST', 'user-agents', '{"applicationServerKey":"x"}', 400],
    ['an unknown user agent', 'GET', 'user-agents/none/received', '', 404],
    ['an unknown route', 'GET', 'nothing', '', 404],
    ['another method', 'PATCH', 'scripts', '', 404],
  ])('refuses %s', async (_, method, path, body, status) => {
    const url = `${service.url}/control/${path}`;
    const answer = await fetch(url, { method, ...(body && { body }) });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
  });

  it.each([
    ['a web page', { origin: 'http://localhost:3000' }],
    ['a name that was rebound to loopback', { host: 'rebound.example' }],
  ])('refuses %s', async (_, headers) => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${service.url}/control/stats`, { headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});
