import { liveSubscriptions } from '../database/counts/countSubscriptions';
import { inOrderOfIds } from '../database/indexHints';
import { inSteps, type SteppedRange } from '../database/inSteps';
import type { Sql, SqlValue, Statement } from '../database/sql';
import type { Audience } from '../model/audience';
import {
  audienceFilter,
  audienceHint,
  type BroadcastRules,
  broadcastRules,
  failedStatuses,
  reachableFilter,
} from './audienceFilter';
import { countTagged } from './countTagged';
import { leavesOut, leftOut } from './leftOut';

/** Ids of the first step through all. */
const stepIds = 20_000;

/**
 * How many live push subscriptions an audience reaches; those of a large one are gone through in steps.
 * @param now by the database's clock, in milliseconds since 1970
 */
export async function countAudience(
  sql: Sql,
  applicationId: number,
  audience: Audience,
  now: number,
): Promise<number> {
  const { userIds, subscriptionIds, failedOf, tags } = audience;
  if (userIds || subscriptionIds) return countNamed(sql, applicationId, audience);
  if (failedOf !== undefined) return countFailed(sql, applicationId, audience, failedOf);
  const rules = await broadcastRules(sql, applicationId, now);
  const everyone = () =>
    leavesOut(rules) ? countReachable(sql, applicationId, rules) : liveSubscriptions(sql, applicationId);
  if (!tags) return everyone();
  const ids = await liveIds(sql, applicationId);
  return countTagged(sql, { applicationId, ids, rules, everyone }, tags);
}

async function countNamed(sql: Sql, applicationId: number, audience: Audience): Promise<number> {
  const { where, values } = audienceFilter(applicationId, audience);
  const [row] = await sql.rows<{ size: number }>(
    `SELECT COUNT(*) AS size FROM push_subscription s ${audienceHint(audience)} WHERE ${where}`,
    values,
  );
  return Number(row?.size ?? 0);
}

/** Its deliveries are gone through, and those few that failed are looked up. */
async function countFailed(
  sql: Sql,
  applicationId: number,
  audience: Audience,
  notificationId: number,
): Promise<number> {
  const { where, values } = reachableFilter(applicationId, audience);
  const wanted = `f.status IN (${failedStatuses}) AND EXISTS
    (SELECT 1 FROM push_subscription s ${inOrderOfIds} WHERE s.id = f.subscriptionId AND ${where})`;
  const rows = 'delivery f WHERE f.notificationId = ? AND f.subscriptionId >= ? AND f.subscriptionId < ?';
  const ids = await idRange(sql, 'subscriptionId', 'delivery WHERE notificationId = ?', [notificationId]);
  return countInSteps(sql, ids, (from, before) => ({
    text: `SELECT COUNT(*) AS seen, SUM(CASE WHEN ${wanted} THEN 1 ELSE 0 END) AS size FROM ${rows}`,
    values: [...values, notificationId, from, before],
  }));
}

async function countReachable(sql: Sql, applicationId: number, rules: BroadcastRules): Promise<number> {
  const text = `SELECT COUNT(*) AS seen, SUM(CASE WHEN ${leftOut(rules)} THEN 0 ELSE 1 END) AS size FROM push_subscription ${inOrderOfIds}
    WHERE applicationId = ? AND retiredAt IS NULL AND id >= ? AND id < ?`;
  const ids = await liveIds(sql, applicationId);
  return countInSteps(sql, ids, (from, before) => ({ text, values: [applicationId, from, before] }));
}

async function countInSteps(
  sql: Sql,
  ids: SteppedRange,
  step: (from: number, before: number) => Required<Statement>,
): Promise<number> {
  let all = 0;
  await inSteps(ids, async (from, before) => {
    const { text, values } = step(from, before);
    const [row] = await sql.rows<{ seen: number; size: number | string | null }>(text, values);
    all += Number(row?.size ?? 0);
    return Number(row?.seen ?? 0);
  });
  return all;
}

function liveIds(sql: Sql, applicationId: number): Promise<SteppedRange> {
  const live = `push_subscription ${inOrderOfIds} WHERE applicationId = ? AND retiredAt IS NULL`;
  return idRange(sql, 'id', live, [applicationId]);
}

/** Engines look up one end of an index at a time, and go through all of it for both. */
async function idRange(sql: Sql, id: string, rows: string, values: SqlValue[]): Promise<SteppedRange> {
  const [range] = await sql.rows<{ first: number | null; last: number | null }>(
    `SELECT (SELECT MIN(${id}) FROM ${rows}) AS first, (SELECT MAX(${id}) FROM ${rows}) AS last`,
    [...values, ...values],
  );
  const next = async (from: number) => {
    const text = `SELECT ${id} AS id FROM ${rows} AND ${id} >= ? ORDER BY ${id} LIMIT 1`;
    const [row] = await sql.rows<{ id: number }>(text, [...values, from]);
    return row?.id;
  };
  return { first: range?.first ?? 0, last: range?.last ?? -1, width: stepIds, next };
}
