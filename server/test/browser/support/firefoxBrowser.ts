import puppeteer, { type Browser } from 'puppeteer-core';
import { firefoxPreferences, stayLocal } from './firefoxPreferences';

/** A headless Firefox in a throw-away profile, connected to this push service. */
export function startFirefox(executablePath: string, pushServiceUrl: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: firefoxPreferences(pushServiceUrl),
    env: { ...process.env, ...stayLocal },
  });
}
