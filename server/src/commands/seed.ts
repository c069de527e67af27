import { readConfig } from '../config';
import { openDatabase } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import { bootstrap } from '../processes/bootstrap';
import { installationSecret } from '../processes/installationSecret';
import { SealedBox } from '../secrets/sealedBox';
import { seedDatabase } from '../seed/seedDatabase';

/** `fanfare seed`: fills the default application with a believable data set, in development only. */
export async function seed(): Promise<void> {
  const config = readConfig(process.env);
  if (config.production) throw new Refusal('FORBIDDEN', 'A production database is not seeded.');
  const database = await openDatabase(config.database);
  try {
    const secret = await installationSecret(database, config);
    const { applicationId } = await bootstrap({
      ...{
        database,
        secret,
        vapidBox: new SealedBox(secret, 'vapid'),
        production: config.production,
        demo: false,
      },
      // a server may run on this database with an admin key that is not in this environment
      ...{ keepsKeys: false, adminKey: undefined },
    });
    const counts = await seedDatabase({ database, applicationId, authBox: new SealedBox(secret, 'auth') });
    process.stdout.write(
      `${counts.devices} browsers, ${counts.notifications} notifications, ${counts.deliveries} deliveries\n`,
    );
  } finally {
    await database.close();
  }
}
