import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/database/openDatabase';
import type { LocalPushService } from '../../../src/localPushService/localPushService';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import type { SimulatedUserAgent } from '../../../src/localPushService/userAgent/simulatedUserAgent';
import { createLog } from '../../../src/observe/log';
import { type Fanfare, startFanfare } from '../../../src/processes/startFanfare';
import { describeEachKind } from '../../support/engines/engines';
import { type FreshDatabase, freshDatabase } from '../../support/engines/freshDatabase';
import { until } from '../../support/until';

/*
 * A whole scenario at log level trace, refusals and failures included. Everything that comes out (log, GraphQL answers,
 * headers, health, metrics) is searched for every secret, key and endpoint that went in or was made on the way.
 */

interface Out {
  readonly where: string;
  readonly text: string;
}

const proofSecret = 'a user proof secret of more than thirty-two';
const title = 'the title that only the person reads';

describeEachKind('what comes out', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-leaks-'));
  const masterSecret = randomBytes(32).toString('base64url');
  const adminKey = `fs_${randomBytes(32).toString('base64url')}`;
  const out: Out[] = [];
  /** What must not come out, by what it is; `but` are the places where it is the answer that was asked for. */
  const secrets: Array<{ what: string; text: string; but?: string }> = [];
  let fresh: FreshDatabase;
  let pushService: LocalPushService;
  let fanfare: Fanfare;

  beforeAll(async () => {
    fresh = await freshDatabase(kind);
    const log = createLog('trace', {}, { write: (text: string) => void out.push({ where: 'log', text }) });
    pushService = await startLocalPushService({ log });
    const config = readConfig({
      FANFARE_ENCRYPTION_THREADS: '0',
      FANFARE_PORT: '0',
      FANFARE_DATA_DIR: folder,
      FANFARE_DATABASE_URL: fresh.url,
      FANFARE_SECRET: masterSecret,
      FANFARE_ADMIN_KEY: adminKey,
    });
    fanfare = await startFanfare({
      ...{ config, log, role: 'all' },
      localPushHosts: [`localhost:${pushService.port}`],
    });
    secrets.push({ what: 'FANFARE_SECRET', text: masterSecret }, { what: 'the admin key', text: adminKey });
  });

  afterAll(async () => {
    await fanfare?.stop();
    await pushService?.stop();
    await fresh?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask<Data>(
    where: string,
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = { authorization: `Bearer ${adminKey}` },
  ): Promise<Data | undefined> {
    const response = await fetch(`${fanfare.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    out.push({ where, text: `${JSON.stringify([...response.headers])} ${text}` });
    return (JSON.parse(text) as { data?: Data }).data;
  }

  const subscribe =
    'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created subscription { id userId tags pushService } } }';

  async function addDevice(userId: string, headers?: Record<string, string>): Promise<SimulatedUserAgent> {
    const { vapidPublicKey } = (await ask<{ vapidPublicKey: string }>('key', '{ vapidPublicKey }')) ?? {};
    const agent = pushService.createUserAgent();
    const subscription = agent.subscribe(vapidPublicKey);
    noteSubscription(subscription);
    await ask('subscribe', subscribe, { input: { subscription, userId, tags: ['t'] } }, headers);
    return agent;
  }

  function noteSubscription(subscription: ReturnType<SimulatedUserAgent['subscribe']>): void {
    const { endpoint, keys } = subscription;
    secrets.push(
      { what: 'an endpoint', text: endpoint },
      { what: "an endpoint's token", text: endpoint.slice(endpoint.lastIndexOf('/') + 1) },
      { what: 'auth', text: keys.auth },
      { what: 'p256dh', text: keys.p256dh },
    );
  }

  async function send(userId: string): Promise<string> {
    const answer = await ask<{ sendNotification: { notification: { id: string } } }>(
      'send',
      'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id status } } }',
      { input: { audience: { userIds: [userId] }, content: { title, data: { token: title } } } },
    );
    return answer?.sendNotification.notification.id ?? '';
  }

  async function isOver(id: string): Promise<boolean> {
    const answer = await ask<{ notification: { status: string } }>(
      'status',
      'query ($id: ID!) { notification(id: $id) { status progress { targeted accepted } deliveries { edges { node { id status reason httpStatus subscription { id userId tags } } } } } }',
      { id },
    );
    return answer?.notification.status === 'COMPLETED';
  }

  test('nothing secret comes out', async () => {
    secrets.push({ what: 'the content, in the log', text: title, but: 'answer' });
    // keys and proofs
    const made = await ask<{ createApiKey: { secret: string } }>(
      'made a key',
      'mutation { createApiKey(input: { name: "x", kind: PUBLISHABLE }) { secret apiKey { id name } } }',
    );
    const publishable = made?.createApiKey.secret ?? '';
    secrets.push({ what: 'a key that was made', text: publishable, but: 'made a key' });
    await ask(
      'proof',
      'mutation ($s: String!) { configureUserProof(input: { sharedSecret: $s }) { hasSharedSecret } }',
      {
        s: proofSecret,
      },
    );
    secrets.push({ what: 'the user proof secret', text: proofSecret });
    const token = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(Buffer.from(proofSecret));
    secrets.push({ what: 'a user token', text: token });

    // a delivery that arrives, its receipt, one that is gone, one that is refused
    const page = { authorization: `Bearer ${publishable}`, 'x-fanfare-user': token };
    const agent = await addDevice('ann', page);
    const id = await send('ann');
    const [message] = await agent.waitForMessages(1, 20_000);
    const payload = JSON.parse(message?.plaintext ?? '{}');
    const receipt: string = payload.notification.data.fanfare.receipt;
    secrets.push({ what: 'a receipt token', text: receipt });
    await ask(
      'receipt',
      'mutation ($t: String!) { recordReceipt(token: $t, event: CLICKED) }',
      { t: receipt },
      {},
    );
    await until(() => isOver(id), 'the first is over', 20_000);
    (await addDevice('gone')).unsubscribe();
    const gone = await send('gone');
    await until(() => isOver(gone), 'the second is over', 20_000);
    await addDevice('refused');
    pushService.script({ status: 400, body: `no: ${secrets.map(({ text }) => text).join(' ')}` });
    const refused = await send('refused');
    await until(() => isOver(refused), 'the third is over', 20_000);
    pushService.clearScripts();

    // refusals that are about the secrets
    const stranger = pushService.createUserAgent().subscribe();
    noteSubscription(stranger);
    const wrong = [
      { ...stranger, endpoint: `https://evil.example/${stranger.endpoint}` },
      { ...stranger, endpoint: stranger.endpoint.replace('localhost', '10.0.0.1') },
      { ...stranger, keys: { ...stranger.keys, p256dh: `${stranger.keys.p256dh}AA` } },
      { ...stranger, keys: { ...stranger.keys, auth: `${stranger.keys.auth}AA` } },
      { ...stranger, keys: stranger.keys.auth },
    ];
    for (const subscription of wrong) await ask('wrong', subscribe, { input: { subscription } }, page);
    await ask('wrong', subscribe, { input: { subscription: stranger, userId: 'eve' } }, page);
    await ask('wrong', '{ vapidPublicKey }', {}, { authorization: `Bearer ${adminKey}x` });
    await ask(
      'wrong',
      'mutation ($t: String!) { recordReceipt(token: $t, event: SHOWN) }',
      { t: receipt },
      {},
    );
    await ask('wrong', `{ notification(id: "${adminKey}") { id } }`);
    await ask('wrong', 'mutation ($e: String!) { unsubscribe(input: { endpoint: $e }) { unsubscribed } }', {
      e: stranger.endpoint,
    });

    // what admins may see
    await ask('list', '{ pushSubscriptions { edges { node { id userId tags pushService } } } }');
    await ask('rotated', 'mutation { rotateVapidKey { publicKey } }');
    await ask('keys', '{ vapidKeys { publicKey subscriptions } applications { name canProveUsers } }');
    await ask('export answer', '{ exportPerson(userId: "ann") }');
    await ask('delete', 'mutation { deletePerson(userId: "ann") }');
    for (const path of ['/metrics', '/readyz', '/healthz', '/nowhere', '/demo/']) {
      const response = await fetch(`${fanfare.url}${path}`);
      out.push({ where: path, text: `${JSON.stringify([...response.headers])} ${await response.text()}` });
    }
    // what nobody foresaw: statements fail with the values in them
    const broken = await openDatabase(fresh.target);
    for (const table of ['subscription_tag', 'delivery', 'push_subscription', 'notification']) {
      await broken.write((sql) => sql.run(`DROP TABLE ${table}`));
    }
    await broken.close();
    await ask('broken', subscribe, { input: { subscription: stranger, userId: 'eve' } }, page);
    await ask('broken', subscribe, { input: { subscription: stranger, tags: ['x'] } });
    await ask(
      'broken',
      'mutation ($t: String!) { recordReceipt(token: $t, event: CLICKED) }',
      { t: receipt },
      {},
    );
    await send('eve');
    const logged = () => out.filter(({ where }) => where === 'log').length;
    await until(() => logged() > 4, 'the failures are in the log');
    expect(secrets.length).toBeGreaterThan(20);
    const leaks = secrets.flatMap(({ what, text, but }) =>
      out
        .filter(({ where }) => but === undefined || !where.includes(but))
        .filter((each) => formsOf(text).some((form) => each.text.includes(form)))
        .map(({ where, text: around }) => `${what} in ${where}: ${around.slice(0, 300)}`),
    );
    expect(leaks).toEqual([]);
  });
});

/** A secret can come out encoded. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
