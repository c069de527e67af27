import { Application } from '../database/entities/application';
import type { Database } from '../database/openDatabase';
import { Refusal } from '../model/refusal';
import { type ApplicationSettings, settingColumns } from './applicationSettings';

/**
 * Changes settings of an application.
 * @returns the application as it is afterwards
 * @throws Refusal NOT_FOUND
 */
export async function updateApplication(
  parts: { database: Database },
  applicationId: number,
  settings: ApplicationSettings,
): Promise<Application> {
  const columns = settingColumns(settings);
  return parts.database.transaction(async (tx) => {
    const application = await tx.entities.findOneBy(Application, { id: applicationId });
    if (!application) throw new Refusal('NOT_FOUND', 'There is no such application.', ['id']);
    return tx.entities.save(Object.assign(application, columns));
  });
}
