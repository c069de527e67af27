import type { Sql } from '../database/sql';
import type { Audience } from '../model/audience';
import { audienceFilter } from './audienceFilter';

/** How many live push subscriptions an audience reaches now. */
export async function countAudience(sql: Sql, applicationId: number, audience: Audience): Promise<number> {
  const { where, values } = audienceFilter(applicationId, audience);
  const [row] = await sql.rows<{ size: number }>(
    `SELECT COUNT(*) AS size FROM push_subscription s WHERE ${where}`,
    values,
  );
  return Number(row?.size ?? 0);
}
