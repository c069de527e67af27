import { readConfig } from '../config';
import { openDatabase } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import { bootstrap } from '../processes/bootstrap';
import { readMasterSecret } from '../secrets/readMasterSecret';
import { SealedBox } from '../secrets/sealedBox';
import { seedDatabase } from '../seed/seedDatabase';

/** `fanfare seed`: fills the default application with a believable data set, in development only. */
export async function seed(): Promise<void> {
  const config = readConfig(process.env);
  if (config.production) throw new Refusal('FORBIDDEN', 'A production database is not seeded.');
  const secret = readMasterSecret(config.secret, config.dataDir, config.secretPrevious);
  const database = await openDatabase(config.database);
  try {
    const { production, adminKey } = config;
    const vapidBox = new SealedBox(secret, 'vapid');
    const { applicationId, newAdminKey } = await bootstrap({
      keepsKeys: true,
      database,
      secret,
      vapidBox,
      production,
      adminKey,
    });
    const counts = await seedDatabase({ database, applicationId, authBox: new SealedBox(secret, 'auth') });
    process.stdout.write(
      `${counts.devices} browsers, ${counts.notifications} notifications, ${counts.deliveries} deliveries\n`,
    );
    if (newAdminKey)
      process.stdout.write(`Admin key  ${newAdminKey}\n           (shown this once: keep it)\n`);
  } finally {
    await database.close();
  }
}
