import { closeSync, openSync } from 'node:fs';

/** Makes a file that only this user may read (mode 0600), unless it is there already. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}
