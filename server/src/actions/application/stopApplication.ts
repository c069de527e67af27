import { Application } from '../../database/entities/application';
import type { Database } from '../../database/openDatabase';
import { cancelUnfinished } from '../notification/cancelUnfinished';
import type { ChangedApplication } from './applicationSettings';

/**
 * Refuses the keys of an application from now on and cancels its notifications that are not finished. Resolves when no
 * process accepts or sends anything for it. Safe to run again.
 * @param forget makes this process look its keys up again
 */
export async function stopApplication(
  parts: { database: Database; settleMs?: number },
  applicationId: number,
  forget: () => void,
): Promise<ChangedApplication> {
  const { database } = parts;
  const { affected } = await database.write((sql) =>
    sql.run('UPDATE application SET stoppedAt = ? WHERE id = ? AND stoppedAt IS NULL', [
      database.now(),
      applicationId,
    ]),
  );
  forget();
  const cancelled = await cancelUnfinished(parts, { applicationId });
  const application = await database.entities.findOneByOrFail(Application, { id: applicationId });
  return { application, changed: affected > 0 || cancelled > 0 };
}

/** Answers the keys of an application again. What was cancelled stays cancelled. */
export async function resumeApplication(
  database: Database,
  applicationId: number,
): Promise<ChangedApplication> {
  const { affected } = await database.write((sql) =>
    sql.run('UPDATE application SET stoppedAt = NULL WHERE id = ? AND stoppedAt IS NOT NULL', [
      applicationId,
    ]),
  );
  const application = await database.entities.findOneByOrFail(Application, { id: applicationId });
  return { application, changed: affected > 0 };
}
