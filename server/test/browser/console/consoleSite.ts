import type { Browser, Page } from 'puppeteer-core';
import { launchChromium } from '../support/chromiumBrowser';
import { type ConsoleServer, startConsoleServer } from './consoleServer';

export interface OpenOptions {
  /** The secret key that is signed in; empty: nobody is. */
  readonly key?: string;
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** Called before the page loads anything. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** The console of a seeded server in Chromium. */
export interface ConsoleSite extends ConsoleServer {
  /** What the browser's addresses begin with. */
  readonly origin: string;
  /** What no page may do: ask another host, break the policy, throw. */
  readonly faults: string[];
  /** A page of its own context, signed in unless `key` is empty. */
  open(path: string, options?: OpenOptions): Promise<Page>;
}

export async function startConsoleSite(
  chromium: string,
  settings: Record<string, string> = {},
  url?: string,
): Promise<ConsoleSite> {
  const server = await startConsoleServer(settings);
  const browser = await launchChromium(chromium).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const faults: string[] = [];
  const { adminKey: key } = server;
  const origin = url ?? server.serverUrl;
  return {
    ...server,
    origin,
    faults,
    open: (path, options = {}) => open({ browser, origin, faults }, path, { key, ...options }),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

async function open(
  site: { browser: Browser; origin: string; faults: string[] },
  path: string,
  { key = '', width = 1280, scheme = 'light', prepare }: OpenOptions,
): Promise<Page> {
  const context = await site.browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  page.on('pageerror', (error) => site.faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') site.faults.push(message.text());
  });
  page.on('request', (request) => {
    const own = request.url().startsWith(site.origin) || /^(data|blob):/.test(request.url());
    if (!own) site.faults.push(`a request to ${request.url()}`);
  });
  await page.evaluateOnNewDocument((value) => {
    const storage = (globalThis as unknown as { sessionStorage: Record<string, string> }).sessionStorage;
    if (value !== '' && !('signedIn' in storage)) {
      storage['fanfare.key'] = value;
      storage.signedIn = 'once';
    }
  }, key);
  await prepare?.(page);
  await page.goto(`${site.origin}/console${path}`);
  return page;
}
