import type { Browser, CDPSession, Page, WebWorker } from 'puppeteer-core';
import { until } from '../../support/until';
import { launchChromium } from './chromiumBrowser';
import { readKeptReceipts } from './readKeptReceipts';

/** A notification as `registration.getNotifications()` shows it. */
export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly data: unknown;
  readonly actions: { action: string; title: string }[];
}

/** Chromium with Fanfare's service worker installed, and pushes handed to it as decrypted bytes. */
export interface ChromiumWorker {
  /** Resolves once the worker has shown something; only then may `shown` be asked. */
  push(data: string): Promise<void>;
  shown(): Promise<ShownNotification[]>;
  /** Fires `notificationclick` or `notificationclose` at the first shown notification; answers the URLs it opened. */
  act(type: 'notificationclick' | 'notificationclose', action?: string): Promise<string[]>;
  /** Fires `sync`, as Background Sync does when the network is back. */
  sync(tag: string): Promise<void>;
  /** Installs the same worker anew, which then takes over. */
  update(): Promise<void>;
  /** Calls `sync()` of the SDK in a page of the origin. */
  syncPage(): Promise<void>;
  /** The tokens of the receipts that wait to be sent. */
  kept(): Promise<string[]>;
  /** Removes every shown notification. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Installs /sdk/fanfare-sw.js of this origin in a fresh headless Chromium. */
export async function startChromiumWorker(executablePath: string, origin: string): Promise<ChromiumWorker> {
  const browser = await launchChromium(executablePath);
  await browser.defaultBrowserContext().overridePermissions(origin, ['notifications']);
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  const activeRegistration = watchRegistration(session);
  await page.goto(`${origin}/demo/icon.svg`);
  await page.evaluate(installWorker, '');
  const address = { origin, registrationId: await until(activeRegistration, 'an active worker') };
  const worker = await reachWorker(browser);
  await worker.evaluate(countShown);
  return {
    push: async (data) => {
      const before = await worker.evaluate(readShownCount);
      await session.send('ServiceWorker.deliverPushMessage', { ...address, data });
      // Chromium forgets a notification that it is asked for while it is being shown
      await until(async () => (await worker.evaluate(readShownCount)) > before, 'a shown notification');
    },
    shown: () => page.evaluate(readNotifications),
    act: (type, action = '') => worker.evaluate(dispatchInWorker, type, action),
    sync: (tag) => session.send('ServiceWorker.dispatchSyncEvent', { ...address, tag, lastChance: false }),
    update: () => page.evaluate(installWorker, '?again'),
    syncPage: () => page.evaluate(syncInPage),
    kept: () => page.evaluate(readKeptReceipts) as Promise<string[]>,
    clear: () => clear(page),
    close: () => closeAll(browser, page),
  };
}

/** The registration's id once its worker is active: pushes before that are dropped without a word. */
function watchRegistration(session: CDPSession): () => Promise<string | undefined> {
  let found: string | undefined;
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    found = versions.find(({ status }) => status === 'activated')?.registrationId ?? found;
  });
  const enabled = session.send('ServiceWorker.enable');
  return async () => {
    await enabled;
    return found;
  };
}

/** A close takes its time, and would then hit a newer notification of the same tag. */
async function clear(page: Page): Promise<void> {
  await page.evaluate(closeNotifications);
  await until(async () => (await page.evaluate(readNotifications)).length === 0, 'no notifications');
}

async function closeAll(browser: Browser, page: Page): Promise<void> {
  await page.close();
  await browser.close();
}

async function reachWorker(browser: Browser): Promise<WebWorker> {
  const target = await browser.waitForTarget((candidate) => candidate.type() === 'service_worker');
  const worker = await target.worker();
  if (!worker) throw new Error('The service worker cannot be reached');
  return worker;
}

// What follows runs in the browser: each function must stand alone. The server's compiler knows no DOM, so the few
// members in use are named here.

interface BrowserNotification extends ShownNotification {
  close(): void;
}

interface BrowserRegistration {
  showNotification(title: string, options: object): Promise<void>;
  getNotifications(): Promise<BrowserNotification[]>;
}

interface WorkerScope {
  registration: BrowserRegistration;
  clients: { openWindow(url: string): Promise<unknown> };
  NotificationEvent: new (type: string, init: object) => Event;
  dispatchEvent(event: Event): boolean;
  shownCount: number;
}

declare const navigator: {
  serviceWorker: {
    register(url: string): Promise<unknown>;
    getRegistration(url: string): Promise<BrowserRegistration | undefined>;
  };
};

async function installWorker(query: string): Promise<void> {
  await navigator.serviceWorker.register(`/sdk/fanfare-sw.js${query}`);
}

async function syncInPage(): Promise<void> {
  // a variable, or the compiler would turn the browser's import into its own
  const { createFanfare } = await new Function('url', 'return import(url)')('/sdk/fanfare.js');
  await createFanfare({ url: '/graphql', key: 'fp_test' }).sync();
}

async function readNotifications(): Promise<ShownNotification[]> {
  const registration = await navigator.serviceWorker.getRegistration('/sdk/');
  const notifications = (await registration?.getNotifications()) ?? [];
  return notifications.map(({ title, body, tag, data, actions }) => ({
    title,
    body,
    tag,
    data,
    actions: actions.map(({ action, title: label }) => ({ action, title: label })),
  }));
}

async function closeNotifications(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/sdk/');
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
}

function countShown(): void {
  const scope = globalThis as unknown as WorkerScope;
  const { registration } = scope;
  const show = registration.showNotification.bind(registration);
  scope.shownCount = 0;
  registration.showNotification = async (title, options) => {
    await show(title, options);
    scope.shownCount += 1;
  };
}

function readShownCount(): number {
  return (globalThis as unknown as WorkerScope).shownCount;
}

/** An event a script makes may not open windows, so the opening is noted instead. */
async function dispatchInWorker(type: string, action: string): Promise<string[]> {
  const scope = globalThis as unknown as WorkerScope;
  const opened: string[] = [];
  scope.clients.openWindow = async (url) => opened.push(url);
  const [notification] = await scope.registration.getNotifications();
  scope.dispatchEvent(new scope.NotificationEvent(type, { notification, action }));
  const deadline = Date.now() + 2_000;
  while (type === 'notificationclick' && opened.length === 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return opened;
}
