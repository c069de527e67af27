import { Application } from '../../database/entities/application';
import type { Database } from '../../database/openDatabase';

/** An application, or every one: oldest first. */
export async function listApplications(
  database: Database,
  applicationId: number | undefined,
): Promise<Application[]> {
  return database.entities.find(Application, {
    where: applicationId === undefined ? {} : { id: applicationId },
    order: { id: 'ASC' },
  });
}
