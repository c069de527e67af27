import puppeteer, { type Browser } from 'puppeteer-core';
import { chromiumPath } from './browserPaths';

/** What each window would have ready beside its page, in processes of its own: more work than most of our pages. */
const unused = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];

/** A headless Chromium with a profile of its own. */
export function launchChromium(executablePath = chromiumPath): Promise<Browser> {
  return puppeteer.launch({
    executablePath,
    args: ['--no-sandbox', `--disable-features=${unused.join(',')}`],
  });
}
