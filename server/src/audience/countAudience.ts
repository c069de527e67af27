import { reachableSteps } from '../database/reachableSteps';
import type { Sql, SqlValue } from '../database/sql';
import type { Audience } from '../model/audience';
import { audienceFilter, audienceHint } from './audienceFilter';

/** How many live push subscriptions an audience reaches now; a large one is counted step by step. */
export async function countAudience(sql: Sql, applicationId: number, audience: Audience): Promise<number> {
  const { where, values } = audienceFilter(applicationId, audience);
  const count = async (more: string, range: SqlValue[]) => {
    const [row] = await sql.rows<{ size: number }>(
      `SELECT COUNT(*) AS size FROM push_subscription s ${audienceHint(audience)} WHERE ${where}${more}`,
      [...values, ...range],
    );
    return Number(row?.size ?? 0);
  };
  if (audience.userIds || audience.subscriptionIds) return count('', []);
  let size = 0;
  for await (const { after, upTo } of reachableSteps(sql, applicationId)) {
    size += await count(' AND s.id > ? AND s.id <= ?', [after, upTo]);
  }
  return size;
}
