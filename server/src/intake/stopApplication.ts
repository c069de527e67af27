import { Application } from '../database/entities/application';
import type { Database } from '../database/openDatabase';
import { cancelUnfinished } from './cancelUnfinished';

/**
 * Refuses the keys of an application from now on and cancels its notifications that are not finished. Resolves when no
 * process accepts or sends anything for it. Safe to run again.
 * @param forget makes this process look its keys up again
 */
export async function stopApplication(
  parts: { database: Database; settleMs?: number },
  applicationId: number,
  forget: () => void,
): Promise<Application> {
  const { database } = parts;
  await database.write((sql) =>
    sql.run('UPDATE application SET stoppedAt = ? WHERE id = ? AND stoppedAt IS NULL', [
      database.now(),
      applicationId,
    ]),
  );
  forget();
  await cancelUnfinished(parts, { applicationId });
  return database.entities.findOneByOrFail(Application, { id: applicationId });
}

/** Answers the keys of an application again. What was cancelled stays cancelled. */
export async function resumeApplication(database: Database, applicationId: number): Promise<Application> {
  await database.write((sql) =>
    sql.run('UPDATE application SET stoppedAt = NULL WHERE id = ?', [applicationId]),
  );
  return database.entities.findOneByOrFail(Application, { id: applicationId });
}
