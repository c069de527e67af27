import { type Config, readConfig } from '../../config';
import type { Database } from '../../database/openDatabase';
import { sealedBoxes } from '../../janitor/resealSecrets';
import { MasterSecret, newSecretText } from '../../secrets/masterSecret';
import { createMasterSecret, readMasterSecret } from '../../secrets/readMasterSecret';
import { withDatabaseAlone } from '../withDatabaseAlone';
import { countUnopened, giveUpSealed, type Unopened } from './giveUpSealed';

/** `fanfare secrets reset`: for a lost secret. Gives up what it sealed, so that the rest of the installation goes on. */
export async function resetSecrets({ yes = false }: { yes?: boolean }): Promise<void> {
  const config = readConfig(process.env);
  const lines = await withDatabaseAlone(config, (database) => reset(database, config, yes));
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function reset(database: Database, config: Config, confirmed: boolean): Promise<string[]> {
  // nothing was sealed with one that has just been made up
  const secret = readMasterSecret(config) ?? new MasterSecret(newSecretText());
  const unopened = await countUnopened(database, sealedBoxes(secret));
  if (Object.values(unopened).every((count) => count === 0)) {
    return ['The secret opens everything in this database: there is nothing to give up.'];
  }
  if (!confirmed) {
    process.exitCode = 1;
    return [
      'The secret does not open these; they would be given up:',
      ...countLines(unopened),
      'If the old secret can be found, set it as FANFARE_SECRET instead. Otherwise run this again with --yes.',
    ];
  }
  const kept = readMasterSecret(config) ?? createMasterSecret(config);
  const retired = await giveUpSealed(database, sealedBoxes(kept));
  return [
    'Given up:',
    ...countLines(unopened),
    `${retired} push subscriptions retired; their browsers subscribe again at their next visit, with a new VAPID key.`,
    'Where a shared secret for user proofs was given up, set another one with configureUserProof.',
    'Receipts of earlier notifications and stored cursors are no longer valid. Ids, API keys, users, tags and history are.',
  ];
}

function countLines({ userProofSecrets, vapidKeys, pushSubscriptions }: Unopened): string[] {
  return [
    `  VAPID keys: ${vapidKeys}`,
    `  push subscriptions, retired ones too: ${pushSubscriptions}`,
    `  shared secrets for user proofs: ${userProofSecrets}`,
  ];
}
