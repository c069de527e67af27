import { readConfig } from '../config';
import { openDatabase } from '../database/openDatabase';
import { resealSecrets } from '../janitor/resealSecrets';
import { Refusal } from '../model/refusal';
import { readMasterSecret } from '../secrets/readMasterSecret';
import { SealedBox } from '../secrets/sealedBox';

/** `fanfare secrets rotate`: seals with FANFARE_SECRET what FANFARE_SECRET_PREVIOUS sealed. Safe beside running processes. */
export async function rotateSecrets(): Promise<void> {
  const config = readConfig(process.env);
  if (config.secretPrevious === undefined) {
    throw new Refusal(
      'BAD_USER_INPUT',
      'Set FANFARE_SECRET to the new secret and FANFARE_SECRET_PREVIOUS to the one before.',
    );
  }
  const secret = readMasterSecret(config.secret, config.dataDir, config.secretPrevious);
  const database = await openDatabase(config.database);
  try {
    const boxes = {
      authBox: new SealedBox(secret, 'auth'),
      vapidBox: new SealedBox(secret, 'vapid'),
      userProofBox: new SealedBox(secret, 'user-proof'),
    };
    const total = await resealSecrets(database, boxes, (table, count) =>
      process.stdout.write(`${table}: ${count}\n`),
    );
    process.stdout.write(
      `${total} secrets were sealed anew. FANFARE_SECRET_PREVIOUS is needed only for receipts of earlier notifications.\n`,
    );
  } finally {
    await database.close();
  }
}
