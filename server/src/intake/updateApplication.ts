import type { Application } from '../database/entities/application';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import type { IntakeParts } from './acceptNotification';
import { type ApplicationSettings, checkWelcome, settingColumns } from './applicationSettings';
import { lockApplication } from './lockApplication';

/**
 * Changes settings of an application.
 * @returns the application as it is afterwards
 * @throws Refusal NOT_FOUND, or what checkWelcome says of the application as it would be
 */
export async function updateApplication(
  parts: { database: Database; intake: IntakeParts },
  applicationId: number,
  settings: ApplicationSettings,
): Promise<Application> {
  const columns = settingColumns(settings);
  return parts.database.transaction(async (tx) => {
    const application = await lockApplication(parts.database, tx, applicationId);
    if (!application) throw new Refusal('NOT_FOUND', 'There is no such application.', ['id']);
    Object.assign(application, columns);
    checkWelcome(parts.intake, application, ['settings']);
    return tx.entities.save(application);
  });
}
