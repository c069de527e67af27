import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFolder } from '../database/createPrivateFolder';
import { MasterSecret, newSecretText } from './masterSecret';

export interface SecretSettings {
  /** FANFARE_SECRET. */
  readonly secret: string | undefined;
  /** Opens what was sealed before the secret was changed. */
  readonly secretPrevious?: string | undefined;
  /** Where the secret is kept when none is configured. */
  readonly dataDir: string;
}

/**
 * The secret of this installation: the configured one, else the one in the data directory.
 * @returns undefined when there is neither
 */
export function readMasterSecret({
  secret,
  secretPrevious,
  dataDir,
}: SecretSettings): MasterSecret | undefined {
  const known = secret ?? readSecretFile(dataDir);
  return known === undefined ? undefined : new MasterSecret(known, secretPrevious);
}

/** Writes a new secret to the data directory, for its owner only. One that another process has just written is kept. */
export function createMasterSecret({ secretPrevious, dataDir }: SecretSettings): MasterSecret {
  createPrivateFolder(dataDir);
  try {
    // exclusive: of two processes that start at once, one writes and both read
    writeFileSync(secretFile(dataDir), newSecretText(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new MasterSecret(readFileSync(secretFile(dataDir), 'utf8').trim(), secretPrevious);
}

function readSecretFile(dataDir: string): string | undefined {
  try {
    return readFileSync(secretFile(dataDir), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function secretFile(dataDir: string): string {
  return join(dataDir, 'secret');
}
