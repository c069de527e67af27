import { once } from 'node:events';
import { connect } from 'node:http2';
import { Agent } from 'node:https';
import { generateRequestDetails, generateVAPIDKeys, sendNotification } from 'web-push';
import { WebSocket } from 'ws';
import { ControlClient } from '../../../src/localPushService/control/controlClient';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { createTestCertificate } from '../../support/servers/testCertificate';

const tls = createTestCertificate('localhost');
const vapidKeys = generateVAPIDKeys();
const vapidDetails = { subject: 'mailto:push@example.org', ...vapidKeys };

let service: LocalPushService;

beforeEach(async () => {
  service = await startLocalPushService({ tls });
});

afterEach(() => service.stop());

it("takes what web-push's sendNotification sends over HTTP/1.1", async () => {
  const userAgent = service.createUserAgent();
  const subscription = userAgent.subscribe(vapidKeys.publicKey);
  const agent = new Agent({ ca: tls.cert });
  const { statusCode, headers } = await sendNotification(subscription, 'hello', { vapidDetails, agent });
  const [message] = await userAgent.waitForMessages(1);
  expect(message?.plaintext).toBe('hello');
  expect([statusCode, headers.location]).toEqual([201, `${service.url}/m/${message?.messageId}`]);
});

/** Several posts at once over one HTTP/2 session; gives each status, or the fault of the stream. */
async function pushOverHttp2(
  endpoints: string[],
  subscription: Parameters<typeof generateRequestDetails>[0],
) {
  const { headers, body } = generateRequestDetails(subscription, 'hello', { vapidDetails });
  const session = connect(service.url, { ca: tls.cert });
  session.on('error', () => undefined);
  const posts = endpoints.map(async (endpoint) => {
    const stream = session.request({ ...headers, ':method': 'POST', ':path': new URL(endpoint).pathname });
    stream.end(body);
    const [answer] = await once(stream, 'response');
    stream.resume();
    return answer[':status'];
  });
  const outcomes = await Promise.allSettled(posts);
  session.destroy();
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'fault'));
}

it('takes pushes over HTTP/2, where :authority is the origin', async () => {
  const userAgent = service.createUserAgent();
  const subscription = userAgent.subscribe(vapidKeys.publicKey);
  const endpoints = Array.from({ length: 20 }, () => subscription.endpoint);
  expect(await pushOverHttp2(endpoints, subscription)).toEqual(endpoints.map(() => 201));
  expect((await userAgent.waitForMessages(20)).every(({ plaintext }) => plaintext === 'hello')).toBe(true);
  expect(service.stats().vapidTokensVerified).toBe(1);
});

it('resets the whole HTTP/2 session on demand', async () => {
  const subscription = service.createUserAgent().subscribe(vapidKeys.publicKey);
  service.script({ reset: true, times: 1 });
  expect(await pushOverHttp2([subscription.endpoint], subscription)).toEqual(['fault']);
  expect(await pushOverHttp2([subscription.endpoint], subscription)).toEqual([201]);
});

it('is steered over TLS as well', async () => {
  const control = new ControlClient(service.url, tls.cert);
  const [created] = await control.createUserAgents({ count: 2, decrypt: false });
  expect(await control.received(created?.uaid ?? '')).toMatchObject({ receivedCount: 0 });
  expect(await control.stats()).toMatchObject({ userAgents: 2 });
});

it('speaks with browsers over TLS', async () => {
  const socket = new WebSocket(service.webSocketUrl, 'push-notification', { ca: tls.cert });
  await once(socket, 'open');
  socket.send('{"messageType":"hello","use_webpush":true}');
  const [answer] = await once(socket, 'message');
  expect(JSON.parse(answer.toString())).toMatchObject({ messageType: 'hello', status: 200 });
  socket.terminate();
});
