import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in the page: the elements that can be scrolled sideways, the page itself among them. */
const sidewaysScrollers = `[...document.querySelectorAll('*')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .filter((element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX))
  .filter((element) => !/^(TEXTAREA|INPUT|SELECT)$/.test(element.tagName))
  .map((element) => element.tagName + '.' + element.className + ' scrolls sideways: ' + element.scrollWidth + ' pixels in ' + element.clientWidth)`;

/**
 * What axe calls serious or critical on the page, and what of it scrolls sideways; in words.
 * @param isWaiting the page waits for an answer that the test holds back
 */
export async function axeFaults(page: Page, isWaiting = false): Promise<string[]> {
  if (!isWaiting) await page.waitForNetworkIdle({ idleTime: 250, timeout: 3_000 }).catch(() => undefined);
  await page.evaluate(axe);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.any.map((check) => check.message).join(' ')).slice(0, 3).join(' | ')))",
  )) as string[];
  found.push(...((await page.evaluate(sidewaysScrollers)) as string[]));
  const path = new URL(page.url()).pathname;
  return found.map((fault) => `${path} ${fault}`);
}
