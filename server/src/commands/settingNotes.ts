import type { Config } from '../config';

/** What is valid and yet seldom meant: a sentence for each, for `fanfare doctor`. */
export function settingNotes(config: Config): string[] {
  const notes = [localReceiptsNote(config)];
  if (!config.production) notes.push('NODE_ENV is not production: the demo page and its key are open.');
  if (config.proxyIgnored) {
    notes.push('HTTPS_PROXY is set: Fanfare connects to push services directly and ignores it.');
  }
  return notes.filter((note) => note !== undefined);
}

/** In production nobody's browser finds an API at its own localhost: every receipt would be lost without a sound. */
export function localReceiptsNote({ production, publicUrl }: Config): string | undefined {
  const { hostname } = new URL(publicUrl);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return production && isLocal
    ? `Browsers send their receipts to ${publicUrl}, which is their own machine: set FANFARE_PUBLIC_URL.`
    : undefined;
}
