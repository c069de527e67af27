// Takes pictures of the console on seeded data, for the documentation: npm run pictures -- [folder]
// Starts a server of its own. --full takes whole pages instead of what a screen shows, --all every page.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { ensureBuilt, ensureInstalled, root } from './workspace.mjs';

const [given] = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const folder = given ?? join(root, 'docs/pictures');
const full = process.argv.includes('--full');
/** What the documentation shows; --all takes every page in both colours at both widths. */
const shown = [
  'overview-light-1280',
  'compose-light-1280',
  'notification-dark-1280',
  'person-light-1280',
  'overview-dark-390',
  'notifications-light-390',
];
const isWanted = (name) => process.argv.includes('--all') || shown.includes(name);
const port = 4870;
const origin = `http://localhost:${port}`;
const key = 'fs_pictures_of_the_console_000000000000';
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

if (!process.argv.includes('--built')) {
  ensureInstalled();
  ensureBuilt();
}
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-pictures-'));
const env = {
  ...process.env,
  FANFARE_DATA_DIR: dataDir,
  FANFARE_PORT: String(port),
  FANFARE_ADMIN_KEY: key,
  FANFARE_LOG_LEVEL: 'error',
};
const program = join(root, 'server/dist/main.js');
spawnSync(process.execPath, [program, 'seed'], { env, stdio: ['ignore', 2, 2] });
const server = spawn(process.execPath, [program, 'start'], { env, stdio: ['ignore', 'ignore', 2] });
try {
  await untilReady();
  await takeAll();
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}

async function untilReady() {
  for (const deadline = Date.now() + 30_000; ; ) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('the server did not get ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function call(query, variables = {}) {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Some traffic of its own, so that the health of the push services has something to show. */
async function sendSome() {
  const { vapidPublicKey: applicationServerKey } = await call('{ vapidPublicKey }');
  const answer = await fetch(`http://localhost:${port + 1}/control/user-agents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count: 60, subscriptions: 1, decrypt: false, applicationServerKey }),
  });
  const { userAgents } = await answer.json();
  const subscribe = 'mutation ($input: SubscribeInput!) { subscribe(input: $input) { created } }';
  for (const { subscriptions } of userAgents) {
    for (const subscription of subscriptions)
      await call(subscribe, { input: { subscription, tags: ['live'] } });
  }
  const send = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { replayed } }';
  const input = {
    audience: { tags: { anyOf: ['live'] } },
    content: { title: 'Kick-off', body: 'It begins.' },
  };
  for (let count = 0; count < 2; count += 1) await call(send, { input });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
}

async function takeAll() {
  await sendSome();
  const { notifications } = await call(
    '{ notifications(first: 40) { edges { node { id status progress { targeted } } } } }',
  );
  const broadcast = notifications.edges.find(
    ({ node }) => node.progress.targeted > 300 && node.status === 'COMPLETED',
  ).node;
  const deliveries = await call(
    'query ($id: ID!) { notification(id: $id) { deliveries(first: 1) { edges { node { subscription { userId } } } } } }',
    { id: broadcast.id },
  );
  const { userId } = deliveries.notification.deliveries.edges[0].node.subscription;
  const pages = {
    overview: '/overview',
    compose: '/compose',
    notifications: '/notifications',
    notification: `/notifications/${broadcast.id}`,
    people: '/people',
    person: `/people/${userId}`,
    keys: '/keys',
    playground: '/playground',
  };
  const browser = await puppeteer.launch({
    executablePath,
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  });
  try {
    for (const [scheme, width] of [
      ['light', 1280],
      ['dark', 1280],
      ['light', 390],
      ['dark', 390],
    ]) {
      await takeEach(browser, pages, scheme, width);
    }
  } finally {
    await browser.close();
  }
}

async function takeEach(browser, pages, scheme, width) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: width > 600 ? 960 : 844, deviceScaleFactor: width > 600 ? 1 : 2 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  const take = async (name) => {
    const label = `${name}-${scheme}-${width}`;
    if (!isWanted(label)) return;
    await page.screenshot({
      path: join(folder, `console-${label}.png`),
      fullPage: full && name !== 'playground',
    });
  };
  await page.goto(`${origin}/console/`, { waitUntil: 'networkidle0' });
  await take('sign-in');
  await page.evaluate((value) => sessionStorage.setItem('fanfare.key', value), key);
  for (const [name, path] of Object.entries(pages)) {
    if (!isWanted(`${name}-${scheme}-${width}`)) continue;
    await page.goto(`${origin}/console${path}`);
    await page.waitForSelector('h1');
    if (name === 'compose') await fillCompose(page);
    if (name === 'overview') await page.waitForSelector('.chart rect');
    await page.waitForNetworkIdle({ idleTime: 400, timeout: 5_000 }).catch(() => undefined);
    await take(name);
  }
  await page.close();
}

async function fillCompose(page) {
  const type = (label, text) => page.type(`::-p-aria([name="${label}"][role="textbox"])`, text);
  await type('Title', 'Today only: free delivery');
  await type('Body', 'On every order until midnight. Your basket is waiting for you.');
  await page.type('::-p-aria([name="Tagged with any of"])', 'offers');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('[data-testid=audience-size]').textContent.includes('reaches'),
  );
}
