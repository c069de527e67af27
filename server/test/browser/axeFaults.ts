import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or critical on the page, and whether the page is wider than the screen; in words. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.waitForNetworkIdle({ idleTime: 250, timeout: 3_000 }).catch(() => undefined);
  await page.evaluate(axe);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.any.map((check) => check.message).join(' ')).slice(0, 3).join(' | ')))",
  )) as string[];
  const { scrollWidth, clientWidth } = (await page.evaluate(
    '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
  )) as { scrollWidth: number; clientWidth: number };
  if (scrollWidth > clientWidth) found.push(`${scrollWidth} pixels wide on ${clientWidth}`);
  const path = new URL(page.url()).pathname;
  return found.map((fault) => `${path} ${fault}`);
}
