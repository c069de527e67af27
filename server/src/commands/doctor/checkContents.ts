import type { Config } from '../../config';
import { toBuffer } from '../../database/entities/columns';
import type { Database } from '../../database/openDatabase';
import { platformApplication } from '../../model/platformApplication';
import { readMasterSecret } from '../../secrets/readMasterSecret';
import { SealedBox } from '../../secrets/sealedBox';
import { unprovenUsersNote } from '../settingNotes';
import { type Finding, fault, note, ok } from './finding';

/** What is in the database: can it be opened, and does work wait for a person. */
export async function checkContents(database: Database, config: Config): Promise<Finding[]> {
  return [
    ...(await checkSecret(database, config)),
    ...(await checkDeadDispatches(database)),
    ...(config.production ? await checkUserProof(database) : []),
  ];
}

/** The newest VAPID key is opened, as at a start; nothing is generated. */
async function checkSecret(database: Database, config: Config): Promise<Finding[]> {
  const [key] = await database.sql.rows<{ sealedPrivateKey: Buffer }>(
    'SELECT sealedPrivateKey FROM vapid_key ORDER BY id DESC LIMIT 1',
  );
  if (!key) return [];
  const secret = readMasterSecret(config);
  if (secret === undefined) {
    return [fault(`FANFARE_SECRET: not set, and there is no file "secret" in ${config.dataDir}: ${restore}`)];
  }
  try {
    const box = new SealedBox(secret, 'vapid');
    box.open(toBuffer(key.sealedPrivateKey));
    return [ok('The secret opens what the database holds.')];
  } catch {
    return [fault(`FANFARE_SECRET: does not open what this database holds: ${restore}`)];
  }
}

const restore = 'give the secret that it was sealed with.';

async function checkDeadDispatches(database: Database): Promise<Finding[]> {
  const [row] = await database.sql.rows<{ dead: number }>(
    'SELECT COUNT(*) AS dead FROM dispatch WHERE deadAt IS NOT NULL',
  );
  const dead = Number(row?.dead ?? 0);
  return dead === 0
    ? []
    : [
        note(
          `${dead} dispatch(es) are set aside as dead: see deadDispatches in the console, with their reasons.`,
        ),
      ];
}

async function checkUserProof(database: Database): Promise<Finding[]> {
  const unproven = await database.sql.rows(
    'SELECT id FROM application WHERE name = ? AND requireUserProof = ?',
    [platformApplication, false],
  );
  return unproven.length > 0 ? [note(unprovenUsersNote)] : [];
}
