/** `fanfare vapid import`: a key pair of another sender becomes the one that new push subscriptions use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importVapid } from '../../../src/commands/importVapid';
import { readConfig } from '../../../src/config';
import { startLocalPushService } from '../../../src/localPushService/startLocalPushService';
import { silentLog } from '../../../src/observe/log';
import { type Fanfare, startFanfare } from '../../../src/processes/startFanfare';
import { generateVapidKeyPair } from '../../../src/webPush/vapid/vapidKeyPair';
import { callGraphql, operation } from '../../support/api/graphqlCall';
import { until } from '../../support/until';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-import-'));
const usualEnv = process.env;
const adminKey = `fs_${'a'.repeat(24)}`;
let fanfare: Fanfare;
let pushService: Awaited<ReturnType<typeof startLocalPushService>>;

beforeAll(async () => {
  pushService = await startLocalPushService();
  const settings = {
    FANFARE_DATA_DIR: folder,
    FANFARE_PORT: '0',
    FANFARE_ADMIN_KEY: adminKey,
    FANFARE_ENCRYPTION_THREADS: '0',
    FANFARE_PUSH_HOSTS: `localhost:${pushService.port}`,
  };
  process.env = { ...usualEnv, ...settings };
  fanfare = await startFanfare({ config: readConfig(process.env), role: 'all', log: silentLog });
});

afterAll(async () => {
  process.env = usualEnv;
  await fanfare.stop();
  await pushService.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pair = generateVapidKeyPair();
const graphql = <Data>(query: string, variables?: Record<string, unknown>) =>
  callGraphql<Data>(String(fanfare.url), adminKey, query, variables);
const importPair = (application = 'default') => {
  const json = JSON.stringify({ ...pair, privateKey: pair.privateKey.toString('base64url') });
  return importVapid({ application }, Readable.from([json]));
};

test('a browser that subscribed with the pair is sent to with it, by the processes that run', async () => {
  const output = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await importPair();
  expect(output.mock.calls.join()).not.toContain(pair.privateKey.toString('base64url'));
  output.mockRestore();
  const { vapidPublicKey } = await graphql<{ vapidPublicKey: string }>(operation('vapidPublicKey'));
  expect(vapidPublicKey).toBe(pair.publicKey);
  const agent = pushService.createUserAgent();
  await graphql(operation('subscribe'), {
    input: { userId: 'ada', subscription: agent.subscribe(pair.publicKey) },
  });
  await graphql(
    `mutation { sendNotification(input: { audience: { userIds: ["ada"] }, content: { title: "x" } }) { replayed } }`,
  );
  // the push service checks the signature against the key of the subscription
  await until(() => agent.receivedCount === 1, 'the message');
});

test('the same pair again, and an unknown application, are refused', async () => {
  await expect(importPair()).rejects.toThrow(/imported before/);
  await expect(importPair('nowhere')).rejects.toThrow(/no application "nowhere"/);
});

test('another secret is refused, as it would seal what nobody can open', async () => {
  const env = process.env;
  process.env = { ...env, FANFARE_SECRET: 'x'.repeat(32) };
  await expect(importPair().finally(() => (process.env = env))).rejects.toThrow(
    /does not open what this database holds/,
  );
});
