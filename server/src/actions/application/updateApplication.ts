import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';
import type { IntakeDeps } from '../notification/acceptNotification';
import {
  type ApplicationSettings,
  applyColumns,
  type ChangedApplication,
  checkWelcome,
  settingColumns,
} from './applicationSettings';
import { lockApplication } from './lockApplication';

/**
 * Changes settings of an application.
 * @throws Refusal NOT_FOUND, or what checkWelcome says of the application as it would be
 */
export async function updateApplication(
  parts: { database: Database; intake: IntakeDeps },
  applicationId: number,
  settings: ApplicationSettings,
): Promise<ChangedApplication> {
  const columns = settingColumns(settings);
  return parts.database.transaction(async (tx) => {
    const application = await lockApplication(parts.database, tx, applicationId);
    if (!application) throw new Refusal('NOT_FOUND', 'There is no such application.', ['id']);
    const change = applyColumns(application, columns);
    checkWelcome(parts.intake, application, ['settings']);
    if (change.changed) await tx.entities.save(application);
    return change;
  });
}
