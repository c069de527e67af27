import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { addVapidKey } from '../actions/vapidKey/addVapidKey';
import { readConfig } from '../config';
import { Application } from '../database/entities/application';
import { VapidKey } from '../database/entities/vapidKey';
import { type Database, openDatabase } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import { refuseForeignSecret } from '../processes/bootstrap';
import { installationSecret } from '../processes/installationSecret';
import { SealedBox } from '../secrets/sealedBox';
import { readVapidKeyPair, type VapidKeyPair } from '../webPush/vapid/vapidKeyPair';

/**
 * `fanfare vapid import`: gives an application the key pair on standard input, where no process list shows it. Browsers that
 * subscribed elsewhere with this pair can then be registered here. Safe beside running processes.
 */
export async function importVapid(
  options: { application: string },
  input: Readable = process.stdin,
): Promise<void> {
  const pair = readVapidKeyPair(await text(input));
  const config = readConfig(process.env);
  const database = await openDatabase(config.database);
  try {
    const secret = await installationSecret(database, config);
    await database.exclusively(() => database.migrate());
    await store(database, new SealedBox(secret, 'vapid'), options.application, pair);
    process.stdout.write(`New push subscriptions of "${options.application}" use ${pair.publicKey}.\n`);
  } finally {
    await database.close();
  }
}

/** @throws Refusal NOT_FOUND without such an application, BAD_USER_INPUT when some application has this key; ConfigError */
async function store(
  database: Database,
  vapidBox: SealedBox,
  name: string,
  pair: VapidKeyPair,
): Promise<void> {
  await database.transaction(async (tx) => {
    const application = await tx.entities.findOneBy(Application, { name });
    if (!application) throw new Refusal('NOT_FOUND', `There is no application "${name}".`);
    await refuseForeignSecret(tx, vapidBox);
    if (await tx.entities.existsBy(VapidKey, { publicKey: pair.publicKey })) {
      throw new Refusal('BAD_USER_INPUT', 'This key pair was imported before.');
    }
    await addVapidKey(tx, vapidBox, application.id, database.now(), pair);
  });
}
