import { readConfig } from '../config';
import { openDatabase } from '../database/openDatabase';
import { resealSecrets, sealedBoxes } from '../janitor/resealSecrets';
import { Refusal } from '../model/refusal';
import { readMasterSecret } from '../secrets/readMasterSecret';

/** `fanfare secrets rotate`: seals with FANFARE_SECRET what FANFARE_SECRET_PREVIOUS sealed. Safe beside running processes. */
export async function rotateSecrets(): Promise<void> {
  const config = readConfig(process.env);
  const secret = readMasterSecret(config);
  if (config.secretPrevious === undefined || secret === undefined) {
    throw new Refusal(
      'BAD_USER_INPUT',
      'Set FANFARE_SECRET to the new secret and FANFARE_SECRET_PREVIOUS to the one before.',
    );
  }
  const database = await openDatabase(config.database);
  try {
    const total = await resealSecrets(database, sealedBoxes(secret), (table, count) =>
      process.stdout.write(`${table}: ${count}\n`),
    );
    process.stdout.write(
      `${total} secrets were sealed anew. FANFARE_SECRET_PREVIOUS is needed only for receipts of earlier notifications.\n`,
    );
  } finally {
    await database.close();
  }
}
