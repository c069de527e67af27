import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRequestDetails, generateVAPIDKeys } from 'web-push';
import { WebSocket } from 'ws';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';

const vapidKeys = generateVAPIDKeys();
const vapidDetails = { subject: 'mailto:push@example.org', ...vapidKeys };
// any P-256 point and secret: nothing is decrypted here
const keys = { p256dh: vapidKeys.publicKey, auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
const channelID = randomUUID();

type Frame = Record<string, unknown>;

/** The browser's end of the autopush protocol. */
class Browser {
  private readonly frames: Frame[] = [];
  private notify = (): void => undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()));
      this.notify();
    });
  }

  static async connect(
    service: LocalPushService,
    uaid?: string,
  ): Promise<{ browser: Browser; hello: Frame }> {
    const browser = new Browser(new WebSocket(service.webSocketUrl, 'push-notification'));
    await once(browser.socket, 'open');
    browser.say({ messageType: 'hello', broadcasts: {}, use_webpush: true, ...(uaid && { uaid }) });
    return { browser, hello: await browser.next() };
  }

  say(frame: Frame | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  async next(): Promise<Frame> {
    const frame = this.frames.shift();
    if (frame) return frame;
    await new Promise<void>((resolve) => {
      this.notify = resolve;
    });
    return this.next();
  }

  /** Shows that nothing else is on its way: the answer to a ping comes next. */
  async expectSilence(): Promise<void> {
    this.say({});
    expect(await this.next()).toEqual({});
  }

  async register(): Promise<string> {
    this.say({ messageType: 'register', channelID, key: `${vapidKeys.publicKey}=` });
    const { pushEndpoint, ...answer } = await this.next();
    expect(answer).toEqual({ messageType: 'register', channelID, status: 200 });
    return String(pushEndpoint);
  }

  async leave(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  async closed(): Promise<number> {
    const [code] = await once(this.socket, 'close');
    return code;
  }
}

let folder: string;
let service: LocalPushService;

const start = (port = 0) => startLocalPushService({ port, stateFile: join(folder, 'state.json') });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'push-service-'));
  service = await start();
});

afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

async function push(endpoint: string, payload?: string, topic?: string): Promise<Response> {
  const options = { vapidDetails, TTL: 60, ...(topic && { topic }) };
  const { headers, body } = generateRequestDetails({ endpoint, keys }, payload, options);
  return fetch(endpoint, { method: 'POST', headers: headers as Record<string, string>, body });
}

async function idOf(answer: Response): Promise<string> {
  expect(answer.status).toBe(201);
  return (answer.headers.get('location') ?? '').split('/m/')[1] ?? '';
}

it('says hello, registers, notifies, hears acknowledgements and unregisters', async () => {
  const { browser, hello } = await Browser.connect(service);
  expect(hello).toEqual({
    messageType: 'hello',
    uaid: expect.stringMatching(/^[0-9a-f]{32}$/),
    status: 200,
    use_webpush: true,
    broadcasts: {},
  });
  browser.say({ messageType: 'broadcast_subscribe', broadcasts: { a: '1' } });
  const endpoint = await browser.register();

  const version = await idOf(await push(endpoint, 'x'));
  expect(await browser.next()).toEqual({
    messageType: 'notification',
    channelID,
    version,
    ttl: 60,
    data: expect.stringMatching(/^[\w-]+$/),
    headers: { encoding: 'aes128gcm' },
  });
  browser.say({ messageType: 'ack', updates: [{ channelID, version, code: 101 }] });
  browser.say({ messageType: 'nack', version, code: 302 });

  const empty = await idOf(await push(endpoint));
  expect(await browser.next()).toEqual({ messageType: 'notification', channelID, version: empty, ttl: 60 });

  browser.say({ messageType: 'unregister', channelID, code: 201 });
  expect(await browser.next()).toEqual({ messageType: 'unregister', channelID, status: 200 });
  expect((await push(endpoint, 'x')).status).toBe(410);
  expect(service.acknowledgements.map(({ kind, code }) => [kind, code])).toEqual([
    ['ack', 101],
    ['nack', 302],
    ['unregister', 201],
  ]);
});

it('holds messages for an absent browser and delivers them in order until acknowledged', async () => {
  const { browser, hello } = await Browser.connect(service);
  const endpoint = await browser.register();
  await browser.leave();
  await push(endpoint, 'old', 'topic');
  const second = await idOf(await push(endpoint, 'plain'));
  const third = await idOf(await push(endpoint, 'new', 'topic'));
  const cancelled = await push(endpoint, 'a mistake');
  await fetch(cancelled.headers.get('location') ?? '', { method: 'DELETE' });

  const again = (await Browser.connect(service, String(hello.uaid))).browser;
  expect([(await again.next()).version, (await again.next()).version]).toEqual([second, third]);
  again.say({ messageType: 'ack', updates: [{ channelID, version: second, code: 100 }] });
  await again.expectSilence();
  await again.leave();

  const last = (await Browser.connect(service, String(hello.uaid))).browser;
  expect((await last.next()).version).toBe(third);
  await last.expectSilence();
});

it('knows its browsers and subscriptions after a restart', async () => {
  const { browser, hello } = await Browser.connect(service);
  const endpoint = await browser.register();
  const { port } = service;
  await service.stop();
  service = await start(port);
  const again = await Browser.connect(service, String(hello.uaid));
  expect(again.hello.uaid).toBe(hello.uaid);
  const version = await idOf(await push(endpoint, 'x'));
  expect((await again.browser.next()).version).toBe(version);
});

it('gives a browser it has forgotten another uaid, and ends its subscriptions', async () => {
  const { browser, hello } = await Browser.connect(service);
  const endpoint = await browser.register();
  expect(service.forgetUserAgent(String(hello.uaid))).toBe(true);
  await browser.closed();
  const again = await Browser.connect(service, String(hello.uaid));
  expect(again.hello.uaid).not.toBe(hello.uaid);
  expect((await push(endpoint, 'x')).status).toBe(410);
});

it('does not let a browser take over a simulated user agent', async () => {
  const { uaid } = service.createUserAgent();
  const { hello } = await Browser.connect(service, uaid);
  expect(hello.uaid).not.toBe(uaid);
});

it('answers a register with an impossible key with 400', async () => {
  const { browser } = await Browser.connect(service);
  browser.say({ messageType: 'register', channelID, key: 'AAAA' });
  expect(await browser.next()).toEqual({ messageType: 'register', channelID, status: 400 });
});

it.each([
  ['no JSON', 'hello'],
  ['an unknown type', '{"messageType":"shout"}'],
  ['a second hello', '{"messageType":"hello","use_webpush":true}'],
])('ends the connection on %s', async (_, frame) => {
  const { browser } = await Browser.connect(service);
  browser.say(frame);
  expect(await browser.closed()).toBe(1002);
});
