import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config';
import type { LocalPushService } from '../localPushService/localPushService';
import { startLocalPushService } from '../localPushService/startLocalPushService';
import type { SimulatedUserAgent } from '../localPushService/userAgent/simulatedUserAgent';
import { createLog } from '../observe/log';
import { type Fanfare, startFanfare } from '../processes/startFanfare';
import { type GraphqlCaller, graphqlCaller } from './graphqlCaller';

const devices = ['laptop', 'phone', 'tablet'];
const timeoutMs = 20_000;

/**
 * `fanfare demo`: the whole loop without a browser. Three devices of one user subscribe at a local push service, a back
 * end sends, each device decrypts and says so. Exits 0 when all three did.
 */
export async function demo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-demo-'));
  const pushService = await startLocalPushService();
  const log = createLog('warn');
  const fanfare = await startFanfare({
    config: readConfig({ FANFARE_PORT: '0', FANFARE_DATA_DIR: folder, FANFARE_LOG_LEVEL: 'warn' }),
    role: 'all',
    log,
    localPushHosts: [`localhost:${pushService.port}`],
  });
  try {
    await playDemo(fanfare, pushService);
  } finally {
    await fanfare.stop();
    await pushService.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playDemo(fanfare: Fanfare, pushService: LocalPushService): Promise<void> {
  const { publishableKey = '', sendKey = '' } = fanfare.installation.demoKeys ?? {};
  const browser = graphqlCaller(`${fanfare.url}/graphql`, publishableKey);
  const backEnd = graphqlCaller(`${fanfare.url}/graphql`, sendKey);
  const { vapidPublicKey } = await browser<{ vapidPublicKey: string }>('{ vapidPublicKey }');
  const agents = new Map<string, SimulatedUserAgent>();
  for (const device of devices)
    agents.set(device, await subscribeDevice(pushService, browser, vapidPublicKey, device));
  print(`${devices.length} devices of the user "ada" have subscribed: ${devices.join(', ')}.`);

  const id = await send(backEnd);
  print(`sendNotification answered with ${id}.`, '');
  for (const [device, agent] of agents) {
    await agent.waitForMessages(1, timeoutMs);
    const payload = JSON.parse(agent.received[0]?.plaintext ?? '{}') as ShownPayload;
    print(`  ${device.padEnd(7)} decrypted  ${payload.notification.title}: ${payload.notification.body}`);
    await browser('mutation ($token: String!) { recordReceipt(token: $token, event: DISPLAYED) }', {
      token: payload.notification.data.fanfare.receipt,
    });
  }
  await report(backEnd, id);
}

interface ShownPayload {
  notification: { title: string; body: string; data: { fanfare: { receipt: string } } };
}

interface Report {
  notification: {
    status: string;
    progress: { targeted: number; accepted: number; displayed: number };
    deliveries: { edges: { node: { status: string; httpStatus: number | null; attempts: number } }[] };
  };
}

async function subscribeDevice(
  pushService: LocalPushService,
  browser: GraphqlCaller,
  vapidPublicKey: string,
  device: string,
): Promise<SimulatedUserAgent> {
  const agent = pushService.createUserAgent();
  await browser('mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }', {
    input: { subscription: agent.subscribe(vapidPublicKey), userId: 'ada', tags: [device] },
  });
  return agent;
}

async function send(backEnd: GraphqlCaller): Promise<string> {
  const { sendNotification } = await backEnd<{ sendNotification: { notification: { id: string } } }>(
    'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } } }',
    {
      input: {
        audience: { userIds: ['ada'] },
        content: { title: 'Your order has shipped', body: 'It arrives on Friday 📦' },
      },
    },
  );
  return sendNotification.notification.id;
}

async function report(backEnd: GraphqlCaller, id: string): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const { notification } = await backEnd<Report>(
      `query ($id: ID!) { notification(id: $id) { status progress { targeted accepted displayed }
         deliveries { edges { node { status httpStatus attempts } } } } }`,
      { id },
    );
    if (notification.status === 'COMPLETED') return printReport(notification);
    if (performance.now() > giveUpAt) throw new Error(`The notification is still ${notification.status}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function printReport({ status, progress, deliveries }: Report['notification']): void {
  print('', `The notification is ${status}:`);
  for (const { node } of deliveries.edges) {
    print(`  ${node.status} by the push service with HTTP ${node.httpStatus} at attempt ${node.attempts}`);
  }
  print(`  ${progress.targeted} targeted, ${progress.accepted} accepted, ${progress.displayed} displayed`);
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
