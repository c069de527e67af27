import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFolder } from '../database/createPrivateFolder';
import { MasterSecret } from './masterSecret';

/**
 * The secret of this installation: the configured one, else the one in the data directory, else a new one that is
 * written there for its owner's eyes only.
 * @param previous opens what was sealed before the secret was changed
 */
export function readMasterSecret(
  configured: string | undefined,
  dataDir: string,
  previous?: string | undefined,
): MasterSecret {
  return new MasterSecret(configured ?? readOrCreate(join(dataDir, 'secret'), dataDir), previous);
}

function readOrCreate(file: string, dataDir: string): string {
  createPrivateFolder(dataDir);
  try {
    // exclusive: of two processes that start at once, one writes and both read
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
