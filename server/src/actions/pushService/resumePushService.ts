import { announceResumption } from '../../database/announceResumption';
import type { Database } from '../../database/openDatabase';
import { Refusal } from '../../model/refusal';

/**
 * Ends the pauses of a push service in all workers, which follow within seconds and make everything due that waits
 * because of them.
 * @param pushService as the health list names it
 * @param applicationId the only application whose throttling ends; absent: all, and the push service's own pause
 * @throws Refusal NOT_FOUND when neither a worker nor anything that waits names this push service
 */
export async function resumePushService(
  database: Database,
  pushService: string,
  applicationId?: number,
): Promise<void> {
  const [known] = await database.sql.rows(
    `SELECT 1 FROM push_service_state WHERE pushService = ?
     UNION ALL SELECT 1 FROM dispatch WHERE pushService = ? AND heldBy IS NOT NULL LIMIT 1`,
    [pushService, pushService],
  );
  if (!known)
    throw new Refusal('NOT_FOUND', 'No worker has met a push service of this name.', ['pushService']);
  await announceResumption(database, { name: pushService, applicationId });
}
