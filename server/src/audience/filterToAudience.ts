import { idList, type Sql } from '../database/sql';
import type { Audience } from '../model/audience';
import { audienceFilter } from './audienceFilter';

/** Which of these live push subscriptions an audience names now, stale ones too. */
export async function filterToAudience(
  sql: Sql,
  { applicationId, audience }: { applicationId: number; audience: Audience },
  subscriptionIds: readonly number[],
): Promise<Set<number>> {
  if (subscriptionIds.length === 0) return new Set();
  const { where, values } = audienceFilter(applicationId, audience);
  const rows = await sql.rows<{ id: number }>(
    `SELECT s.id FROM push_subscription s WHERE s.id IN (${idList(subscriptionIds)}) AND ${where}`,
    values,
  );
  return new Set(rows.map(({ id }) => id));
}
