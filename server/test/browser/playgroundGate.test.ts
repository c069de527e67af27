import type { Page } from 'puppeteer-core';
import { describeWith } from '../support/engines/available';
import { until } from '../support/until';
import { type ConsoleSite, startConsoleSite } from './console/consoleSite';
import { chromiumPath } from './support/browserPaths';

describeWith('chromium', 'The playground in production', () => {
  let site: ConsoleSite;
  let page: Page;

  beforeAll(async () => {
    site = await startConsoleSite(chromiumPath, {
      NODE_ENV: 'production',
      FANFARE_VAPID_SUBJECT: 'mailto:push@example.org',
    });
  }, 120_000);

  afterAll(() => site?.close());

  afterEach(async () => {
    if (!page?.isClosed()) await page?.browserContext().close();
  });

  const shows = (words: string) =>
    until(
      () => page.evaluate('document.body.innerText').then((text) => String(text).includes(words)),
      words,
      20_000,
    );
  const frame = () => page.waitForFrame((each) => each.url().includes('/playground/'), { timeout: 20_000 });

  test("is reached through the console's sign-in, and works under the strict policy", async () => {
    page = await site.open('/', { key: '' });
    const missing = new Set<string>();
    page.on('response', (response) => {
      if (response.status() >= 400) missing.add(new URL(response.url()).pathname);
    });
    await page.goto(`${site.origin}/playground/`);
    expect(page.url()).toBe(`${site.origin}/console/playground`);
    await page.locator('::-p-aria([name="Secret key"])').fill(site.adminKey);
    await page.locator('::-p-aria([name="Sign in"][role="button"])').click();
    const playground = await frame();
    expect(playground.url()).toContain('/playground/with/');
    await playground.waitForSelector('.graphiql-container .monaco-editor');
    // the editor's workers came with it, and the schema was told to this key
    await playground.locator('::-p-aria([name="Show Documentation Explorer"][role="button"])').click();
    await until(
      () => playground.evaluate('document.body.innerText').then((text) => /Root Types/.test(String(text))),
      'the schema',
      20_000,
    );
    // a key for development is asked for, and is not there
    expect([...missing]).toEqual(['/demo/config.json']);
    expect(site.faults.filter((fault) => !fault.includes('status of 404'))).toEqual([]);
  });

  test('is not for other keys', async () => {
    const { createApiKey } = await site.call<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { name: "partner", kind: SECRET, scopes: ["notifications:read"] }) { secret } }',
    );
    page = await site.open('/playground', { key: createApiKey.secret });
    await shows('The playground is for admins');
    expect(page.frames()).toHaveLength(1);
    const links = () => page.$$eval('nav a', (found) => found.map((link) => link.textContent));
    expect(await links()).toEqual(['Overview', 'Notifications']);
    await page.browserContext().close();
    page = await site.open('/overview');
    await shows('Deliveries over time');
    expect(await links()).toContain('Playground');
  });
});
