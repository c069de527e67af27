import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import {
  type LocalPushService,
  startLocalPushService,
} from '../../src/localPushService/startLocalPushService';
import { FanfareProcess } from '../support/fanfareProcess';
import { freePort } from '../support/freePort';

const program = join(__dirname, '../../dist/main.js');
const adminKey = 'fs_console_tests_0000000000000000000000';

/** A seeded server as a user would run it, its console in Chromium, and browsers that can be sent to. */
export interface ConsoleSite {
  readonly origin: string;
  readonly adminKey: string;
  readonly pushService: LocalPushService;
  readonly browser: Browser;
  /** What no page may do: ask another host, break the policy, throw. */
  readonly faults: string[];
  call<Data>(query: string, variables?: object, key?: string): Promise<Data>;
  /** A page of its own context, signed in unless `key` is empty. */
  open(path: string, options?: { key?: string; width?: number; scheme?: 'light' | 'dark' }): Promise<Page>;
  close(): Promise<void>;
}

export async function startConsoleSite(chromium: string): Promise<ConsoleSite> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-console-'));
  const pushService = await startLocalPushService();
  const env = {
    FANFARE_DATA_DIR: dataDir,
    FANFARE_ADMIN_KEY: adminKey,
    FANFARE_LOG_LEVEL: 'warn',
    FANFARE_PUSH_HOSTS: `localhost:${pushService.port}`,
  };
  const seeded = spawnSync(process.execPath, [program, 'seed'], { env: { PATH: process.env.PATH, ...env } });
  if (seeded.status !== 0) throw new Error(`the seed failed: ${seeded.stderr}`);
  const fanfare = new FanfareProcess('all', await freePort(), env);
  await fanfare.start();
  const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  const faults: string[] = [];
  const origin = fanfare.url.replace('127.0.0.1', 'localhost');
  return {
    ...{ origin, adminKey, pushService, browser, faults },
    call: (query, variables = {}, key = adminKey) => call(origin, key, query, variables),
    open: (path, options = {}) => open({ browser, origin, faults }, path, { key: adminKey, ...options }),
    close: async () => {
      await browser.close();
      await fanfare.terminate();
      await pushService.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function call<Data>(origin: string, key: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

async function open(
  site: { browser: Browser; origin: string; faults: string[] },
  path: string,
  { key, width = 1280, scheme = 'light' }: { key: string; width?: number; scheme?: 'light' | 'dark' },
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
  await page.goto(`${site.origin}/console${path}`);
  return page;
}
