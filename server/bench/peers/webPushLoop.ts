import { readFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { encrypt, generateVAPIDKeys, getVapidHeaders, sendNotification } from 'web-push';
import { encryptPayload } from '../../src/webPush/encryption/encryptPayload';
import { simulatedBrowser } from '../simulatedBrowser';
import { type LoopOrder, measureLoop } from './loop';

/*
 * What a program does that uses the `web-push` package: a loop over subscriptions in memory, 100 at a time, kept
 * connections, nothing stored. Variants: the package as it is; the same with VAPID headers made once; and, as the
 * floor, our encryption alone without any POST.
 */

const subject = 'mailto:bench@fanfare.example';
const vapidKeys = generateVAPIDKeys();

type SendOne = (index: number) => Promise<void>;

function packageAsItIs(order: LoopOrder, agent: Agent): SendOne {
  const options = { vapidDetails: { subject, ...vapidKeys }, TTL: 86_400, agent };
  return async (index) => {
    const { path, publicKey, authSecret } = simulated(index);
    const keys = { p256dh: publicKey.toString('base64url'), auth: authSecret.toString('base64url') };
    await sendNotification({ endpoint: order.origin + path, keys }, order.payload, options);
  };
}

function cachedVapid(order: LoopOrder, agent: Agent): SendOne {
  const { privateKey, publicKey } = vapidKeys;
  const { Authorization } = getVapidHeaders(order.origin, subject, publicKey, privateKey, 'aes128gcm');
  const { port, hostname } = new URL(order.origin);
  return async (index) => {
    const browser = simulated(index);
    const [p256dh, auth] = [
      browser.publicKey.toString('base64url'),
      browser.authSecret.toString('base64url'),
    ];
    const { cipherText } = encrypt(p256dh, auth, order.payload, 'aes128gcm');
    const headers = {
      TTL: '86400',
      Authorization,
      'Content-Type': 'application/octet-stream',
      'Content-Encoding': 'aes128gcm',
      'Content-Length': cipherText.length,
    };
    await post({ hostname, port, agent, path: browser.path, method: 'POST', headers }, cipherText);
  };
}

function encryptionAlone(order: LoopOrder): SendOne {
  const payload = Buffer.from(order.payload);
  return async (index) => {
    const { publicKey, authSecret } = simulated(index);
    encryptPayload(payload, publicKey, authSecret);
  };
}

function post(options: RequestOptions, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      if (response.statusCode !== 201) reject(new Error(`HTTP ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Made before the clock starts: they stand for rows read from a database. */
const browsers = new Map<number, ReturnType<typeof simulatedBrowser>>();

function simulated(index: number) {
  const browser = browsers.get(index) ?? simulatedBrowser(index);
  browsers.set(index, browser);
  return browser;
}

function sendOneFor(order: LoopOrder): SendOne {
  const ca = readFileSync(order.caFile);
  const agent = new Agent({ keepAlive: true, maxSockets: order.concurrency, ca });
  if (order.variant === 'web-push') return packageAsItIs(order, agent);
  if (order.variant === 'web-push, cached VAPID') return cachedVapid(order, agent);
  return encryptionAlone(order);
}

process.on('message', async (order: LoopOrder) => {
  for (let index = 0; index < order.messages; index += 1) simulated(index);
  process.send?.(await measureLoop(order, sendOneFor(order)));
  process.disconnect();
});
// whoever asked has ended before the answer
process.on('disconnect', () => process.exit());
