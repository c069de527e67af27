import { readFileSync } from 'node:fs';
import { IsNull } from 'typeorm';
import { type Config, readConfig } from '../../config';
import { beginEpoch } from '../../database/beginEpoch';
import { ApiKey } from '../../database/entities/apiKey';
import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';
import { refuseForeignSecret } from '../../processes/bootstrap';
import { PersonHashes } from '../../secrets/personHashes';
import { readMasterSecret } from '../../secrets/readMasterSecret';
import { SealedBox } from '../../secrets/sealedBox';
import { withDatabaseAlone } from '../withDatabaseAlone';
import { applyRevocations } from './applyRevocations';
import { backupState } from './backupState';
import { cancelDue, pendingWork } from './pendingWork';
import { publicIdsOf } from './publicIdsOf';
import { type RestoreReport, restoreReport } from './restoreReport';
import { parseRevocations, type Revocation } from './revocation';

export interface RestoredOptions {
  /** A file of `fanfare revocations`. */
  readonly revocations?: string;
  readonly revokeAllKeys?: boolean;
  readonly cancelPending?: boolean;
}

/** `fanfare restored`: to be run once after a backup was played back, before anything is started. */
export async function restored(options: RestoredOptions): Promise<void> {
  const config = readConfig(process.env);
  const lines = options.revocations === undefined ? undefined : readFile(options.revocations);
  const report = await withDatabaseAlone(config, (database) =>
    afterRestore(config, database, options, lines),
  );
  process.stdout.write(`${restoreReport(report).join('\n')}\n`);
}

/** Everything but the printing: a report of what was done and what is left to decide. */
export async function afterRestore(
  config: Config,
  database: Database,
  { revokeAllKeys = false, cancelPending = false }: RestoredOptions,
  lines: string | undefined,
): Promise<RestoreReport> {
  // what cannot be applied as a whole is refused before anything changes
  const revocations = lines === undefined ? undefined : parseRevocations(lines, await publicIdsOf(database));
  const apply = revocations && (await applierOf(config, database, revocations));
  const { newestAt } = await backupState(database);
  await beginEpoch(database);
  const applied = await apply?.();
  const revokedKeys = revokeAllKeys ? await revokeKeys(database) : undefined;
  const now = database.now();
  const cancelled = cancelPending ? await cancelDue(database, now) : undefined;
  const pending = await pendingWork(database, now);
  return { now, applied, revokedKeys, cancelled, pending, ...(await backupState(database)), newestAt };
}

/** @throws when the secret is not that of the backup */
async function applierOf(config: Config, database: Database, revocations: readonly Revocation[]) {
  const secret = readMasterSecret(config);
  if (!secret) {
    throw new Refusal(
      'BAD_USER_INPUT',
      'Set FANFARE_SECRET, or restore the file "secret" of the data directory: it belongs to the backup.',
    );
  }
  const parts = {
    database,
    personHashes: new PersonHashes(secret),
    vapidBox: new SealedBox(secret, 'vapid'),
  };
  await refuseForeignSecret(database, parts.vapidBox);
  return () => applyRevocations(parts, revocations);
}

async function revokeKeys(database: Database): Promise<number> {
  const { affected } = await database.transaction((tx) =>
    tx.entities.update(ApiKey, { revokedAt: IsNull() }, { revokedAt: database.now() }),
  );
  return affected ?? 0;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Refusal('BAD_USER_INPUT', `--revocations: ${path} cannot be read (${code}).`);
  }
}
