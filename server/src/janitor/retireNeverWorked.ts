import { countJustRetired } from '../database/counts/countSubscriptions';
import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import { deliveryStatusCode } from '../model/deliveryStatus';
import { dayMs } from '../model/timeSpans';

/*
 * Ends push subscriptions for which no push service ever accepted a message (`never-worked`): they would be posted to in
 * each broadcast for ever. Nothing here ends one for which a message was accepted once.
 *
 *   after 14 days   and 5 sends without an accept, if its push service accepted a message of the same application since
 *                   the subscription was registered, and within the 15 days for which outcomes are counted by the hour
 *   after 60 days   and one send without an accept
 *
 * Registering it again wakes it and starts both counts from the beginning.
 */

const whileOthersWork = { ageMs: 14 * dayMs, sends: 5 };
const inAnyCase = { ageMs: 60 * dayMs, sends: 1 };
const stepRows = 1_000;
const accepted = deliveryStatusCode('ACCEPTED');

interface Candidate {
  readonly id: number;
  readonly applicationId: number;
  readonly pushService: string;
  readonly neverAcceptedSince: number;
  readonly sendsWithoutAccept: number;
}

/**
 * Works in steps of at most 1,000 rows, each retirement a transaction of its own.
 * @param mayGoOn asked before each step
 * @returns how many subscriptions retired
 */
export async function retireNeverWorked(
  database: Database,
  now: number,
  mayGoOn: () => boolean = () => true,
): Promise<number> {
  const lastAccepts = new Map<string, number>();
  let retired = 0;
  let after: Pick<Candidate, 'id' | 'neverAcceptedSince'> = { id: 0, neverAcceptedSince: 0 };
  while (mayGoOn()) {
    const candidates = await candidatesAfter(database, after, now);
    const last = candidates.at(-1);
    if (!last) break;
    after = last;
    for (const group of groups(candidates).values()) {
      const lastAccept = await lastAcceptOf(database, group[0], lastAccepts);
      const ids = group.filter((each) => isOver(each, lastAccept, now)).map(({ id }) => id);
      if (ids.length > 0) retired += await retire(database, group[0], ids, now);
    }
  }
  return retired;
}

/** Live, never accepted and old enough for either rule, in the order of the index. */
export function candidatesAfter(
  database: Database,
  after: Pick<Candidate, 'id' | 'neverAcceptedSince'>,
  now: number,
): Promise<Candidate[]> {
  const { id, neverAcceptedSince } = after;
  return database.sql.rows<Candidate>(
    `SELECT id, applicationId, pushService, neverAcceptedSince, sendsWithoutAccept FROM push_subscription
     WHERE retiredAt IS NULL AND neverAcceptedSince >= ? AND neverAcceptedSince <= ?
       AND sendsWithoutAccept >= ${inAnyCase.sends} AND (neverAcceptedSince > ? OR id > ?)
     ORDER BY neverAcceptedSince, id LIMIT ${stepRows}`,
    [neverAcceptedSince, now - whileOthersWork.ageMs, neverAcceptedSince, id],
  );
}

/** @param lastAccept when its push service last accepted a message of its application; 0 for never */
function isOver(
  { neverAcceptedSince, sendsWithoutAccept }: Candidate,
  lastAccept: number,
  now: number,
): boolean {
  const ageMs = now - neverAcceptedSince;
  if (ageMs >= inAnyCase.ageMs) return true;
  return sendsWithoutAccept >= whileOthersWork.sends && lastAccept >= neverAcceptedSince;
}

/** @param known what has been asked in this round, by application and push service */
async function lastAcceptOf(
  database: Database,
  { applicationId, pushService }: Candidate,
  known: Map<string, number>,
): Promise<number> {
  const name = `${applicationId} ${pushService}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const [row] = await database.sql.rows<{ hour: number }>(
    `SELECT hour FROM outcome_hour WHERE applicationId = ? AND pushService = ? AND status = ${accepted}
     ORDER BY hour DESC LIMIT 1`,
    [applicationId, pushService],
  );
  const hour = Number(row?.hour ?? 0);
  known.set(name, hour);
  return hour;
}

/** A subscription that was accepted or registered again in the meantime is spared. */
async function retire(
  database: Database,
  { applicationId, pushService }: Candidate,
  ids: readonly number[],
  now: number,
): Promise<number> {
  const text = `UPDATE push_subscription SET retiredAt = ?, retiredReason = 'never-worked'
    WHERE id IN (${idList(ids)}) AND retiredAt IS NULL AND neverAcceptedSince <= ? AND sendsWithoutAccept > 0`;
  const spread = ids[0] ?? 0;
  const [ended] = await database.sqlTransaction((sql) =>
    sql.commitWith([
      { text, values: [now, now - whileOthersWork.ageMs] },
      countJustRetired(database.kind, { applicationId, pushService, at: now, spread }),
    ]),
  );
  return ended?.affected ?? 0;
}

function groups(candidates: readonly Candidate[]): Map<string, [Candidate, ...Candidate[]]> {
  const found = new Map<string, [Candidate, ...Candidate[]]>();
  for (const each of candidates) {
    const name = `${each.applicationId} ${each.pushService}`;
    const group = found.get(name);
    if (group) group.push(each);
    else found.set(name, [each]);
  }
  return found;
}
