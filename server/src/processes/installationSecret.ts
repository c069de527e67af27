import { ConfigError } from '../config';
import { databaseErrorCode } from '../database/faults';
import type { Database } from '../database/openDatabase';
import type { MasterSecret } from '../secrets/masterSecret';
import { createMasterSecret, readMasterSecret, type SecretSettings } from '../secrets/readMasterSecret';

/**
 * The secret of an installation. A new installation without a configured one gets one in its data directory.
 * @throws ConfigError when there is no secret although the database holds what one has sealed; then none is written
 */
export async function installationSecret(
  database: Database,
  settings: SecretSettings,
): Promise<MasterSecret> {
  const known = readMasterSecret(settings);
  if (known) return known;
  if (await holdsSealed(database)) {
    throw new ConfigError([
      `FANFARE_SECRET: not set, and there is no file "secret" in ${settings.dataDir}; give the secret that this database was sealed with. If it is lost: npx fanfare secrets reset.`,
    ]);
  }
  return createMasterSecret(settings);
}

/** Every installation has a VAPID key from its first start on. */
async function holdsSealed(database: Database): Promise<boolean> {
  try {
    return (await database.sql.rows('SELECT id FROM vapid_key LIMIT 1')).length > 0;
  } catch (error) {
    // a new database has no tables
    if (['ER_NO_SUCH_TABLE', 'SQLITE_ERROR'].includes(databaseErrorCode(error))) return false;
    throw error;
  }
}
