import { growCounts } from '../database/counts/growCounts';
import type { Database } from '../database/openDatabase';
import { dayMs, hourMs } from '../model/timeSpans';

/** Statistics by the hour reach back 14 days. */
const hourlyDays = 15;

interface ApplicationDay {
  readonly applicationId: number;
  readonly day: number;
}

/**
 * Makes one day's row of what is counted by the hour, for the oldest day of an application that is more than 15 days
 * ago. Sums stay what they are at every moment: hours go in the transaction that adds their day.
 * @returns how many rows of hours went; 0 when no such day is left
 */
export async function foldHours(database: Database, now: number): Promise<number> {
  const today = now - (now % dayMs);
  const oldest = await oldestOf(database, 'hour', today - hourlyDays * dayMs);
  if (!oldest) return 0;
  const values = [oldest.applicationId, oldest.day, oldest.day + dayMs];
  const hours = 'FROM outcome_hour WHERE applicationId = ? AND hour >= ? AND hour < ?';
  const lock = database.kind === 'mysql' ? 'FOR UPDATE' : '';
  const grow = growCounts(database.kind, 'outcome_day', 'deliveries');
  return database.transaction(async ({ sql }) => {
    // another janitor may be at the same day: whoever comes second finds nothing
    await sql.rows(`SELECT hour ${hours} ${lock}`, values);
    await sql.run(
      `INSERT INTO outcome_day (applicationId, day, apiKeyId, pushService, status, reason, deliveries)
       SELECT applicationId, ${oldest.day}, apiKeyId, pushService, status, reason, SUM(deliveries) ${hours}
       GROUP BY applicationId, apiKeyId, pushService, status, reason ${grow}`,
      values,
    );
    return (await sql.run(`DELETE ${hours}`, values)).affected;
  });
}

/**
 * Adds up the slots of an application's hour that nobody settles anything in any more, so that statistics read one row
 * where there were several.
 * @returns how many rows went; 0 when there is no such hour
 */
export async function foldSlots(database: Database, now: number): Promise<number> {
  // a transaction that began at the end of an hour has ended long before the next one is over
  const settledBefore = now - (now % hourMs) - hourMs;
  const [oldest] = await database.sql.rows<{ applicationId: number; hour: number }>(
    'SELECT applicationId, hour FROM outcome_hour WHERE slot > 0 AND hour < ? ORDER BY hour, applicationId LIMIT 1',
    [settledBefore],
  );
  if (!oldest) return 0;
  const values = [oldest.applicationId, oldest.hour];
  const slots = 'FROM outcome_hour WHERE applicationId = ? AND hour = ? AND slot > 0';
  const lock = database.kind === 'mysql' ? 'FOR UPDATE' : '';
  const grow = growCounts(database.kind, 'outcome_hour', 'deliveries');
  return database.sqlTransaction(async (sql) => {
    // another janitor may be at the same hour: whoever comes second finds nothing
    await sql.rows(`SELECT hour ${slots} ${lock}`, values);
    const text = `INSERT INTO outcome_hour (applicationId, hour, slot, apiKeyId, pushService, status, reason, deliveries)
      SELECT * FROM (
        SELECT applicationId, hour, 0 AS slot, apiKeyId, pushService, status, reason, SUM(deliveries) AS deliveries ${slots}
        GROUP BY applicationId, hour, apiKeyId, pushService, status, reason
      ) folded WHERE true ${grow}`;
    const [, deleted] = await sql.commitWith([
      { text, values },
      { text: `DELETE ${slots}`, values },
    ]);
    return deleted?.affected ?? 0;
  });
}

/** @returns how many rows of an application's oldest day went; 0 when none is older than so many days */
export async function purgeDays(database: Database, now: number, keptDays: number): Promise<number> {
  const oldest = await oldestOf(database, 'day', now - keptDays * dayMs);
  if (!oldest) return 0;
  const { affected } = await database.write((sql) =>
    sql.run('DELETE FROM outcome_day WHERE applicationId = ? AND day = ?', [
      oldest.applicationId,
      oldest.day,
    ]),
  );
  // a day that another janitor has just deleted is no reason to stop
  return Math.max(affected, 1);
}

async function oldestOf(
  database: Database,
  unit: 'hour' | 'day',
  before: number,
): Promise<ApplicationDay | undefined> {
  const [row] = await database.sql.rows<{ applicationId: number; at: number }>(
    `SELECT applicationId, ${unit} AS at FROM outcome_${unit} WHERE ${unit} < ? ORDER BY ${unit}, applicationId LIMIT 1`,
    [before],
  );
  return row && { applicationId: row.applicationId, day: row.at - (row.at % dayMs) };
}
