import type { Config } from '../config';
import { isLoopbackHost } from '../model/url/loopbackHost';

/** What is valid and yet seldom meant: a sentence for each, for `fanfare doctor`. */
export function settingNotes(config: Config): string[] {
  const notes = [localReceiptsNote(config)];
  if (!config.production)
    notes.push('NODE_ENV is not production: the demo page and its secret key are open to this machine.');
  if (config.proxyIgnored) {
    notes.push('HTTPS_PROXY is set: Fanfare connects to push services directly and ignores it.');
  }
  return notes.filter((note) => note !== undefined);
}

/** In production nobody's browser finds an API at its own localhost: every receipt would be lost without a sound. */
export function localReceiptsNote({ production, publicUrl }: Config): string | undefined {
  return production && isLoopbackHost(new URL(publicUrl).hostname)
    ? `Browsers send their receipts to ${publicUrl}, which is their own machine: set FANFARE_PUBLIC_URL.`
    : undefined;
}

/** An installation that was begun in development keeps what its application was made with. */
export const unprovenUsersNote =
  'Web pages may name any user: the application "default" was created in development and does not ask for proof. Give it a key with configureUserProof and "required: true", or set it in the console.';
