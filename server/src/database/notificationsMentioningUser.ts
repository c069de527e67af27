import type { Database } from './openDatabase';

const stepNotifications = 5_000;

/**
 * The notifications of an application whose audience may name a user, newest first. Audiences are kept as JSON, so all
 * of them are looked through, some thousand at a time: no statement takes long, however many there are.
 * @returns their ids step by step; the caller looks whether it is the user that an audience names, or a tag called so
 */
export async function* notificationsMentioningUser(
  database: Database,
  applicationId: number,
  userId: string,
): AsyncGenerator<number[]> {
  const needle = `%${JSON.stringify(userId).replace(/[\\%_!]/g, '!$&')}%`;
  for (let before = Number.MAX_SAFE_INTEGER; before > 0; ) {
    const from = await startOfStep(database, applicationId, before);
    const rows = await database.sql.rows<{ id: number }>(
      `SELECT id FROM notification
       WHERE applicationId = ? AND id >= ? AND id < ? AND audience LIKE ? ESCAPE '!' ORDER BY id DESC`,
      [applicationId, from, before, needle],
    );
    yield rows.map(({ id }) => id);
    before = from;
  }
}

/** @returns the smallest id of the next step down; 0 for the last one */
async function startOfStep(database: Database, applicationId: number, before: number): Promise<number> {
  const [row] = await database.sql.rows<{ id: number }>(
    `SELECT id FROM notification WHERE applicationId = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ${stepNotifications - 1}`,
    [applicationId, before],
  );
  return row?.id ?? 0;
}
