import { growCounts } from '../database/counts/growCounts';
import type { Database } from '../database/openDatabase';
import { dayMs } from '../model/timeSpans';

/**
 * Adds an application's oldest day of subscriptions to what was before the days that are kept, so that they stay few and
 * their sum stays what it is.
 * @returns how many rows went; 0 when none is older than so many days
 */
export async function foldSubscriptionDays(
  database: Database,
  now: number,
  keptDays: number,
): Promise<number> {
  const [oldest] = await database.sql.rows<{ applicationId: number; day: number }>(
    'SELECT applicationId, day FROM subscription_day WHERE day > 0 AND day < ? ORDER BY day, applicationId LIMIT 1',
    [now - (now % dayMs) - keptDays * dayMs],
  );
  if (!oldest) return 0;
  const values = [oldest.applicationId, oldest.day];
  const rows = 'FROM subscription_day WHERE applicationId = ? AND day = ?';
  const lock = database.kind === 'mysql' ? 'FOR UPDATE' : '';
  const grow = growCounts(database.kind, 'subscription_day', 'created', 'retired');
  return database.sqlTransaction(async (sql) => {
    // another janitor may be at the same day: whoever comes second finds nothing
    await sql.rows(`SELECT day ${rows} ${lock}`, values);
    const text = `INSERT INTO subscription_day (applicationId, day, pushService, slot, created, retired)
      SELECT * FROM (
        SELECT applicationId, 0 AS day, pushService, 0 AS slot, SUM(created) AS created, SUM(retired) AS retired ${rows}
        GROUP BY applicationId, pushService
      ) folded WHERE true ${grow}`;
    const [, deleted] = await sql.commitWith([
      { text, values },
      { text: `DELETE ${rows}`, values },
    ]);
    return deleted?.affected ?? 0;
  });
}
