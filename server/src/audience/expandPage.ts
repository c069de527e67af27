import { inOrderOfIds } from '../database/indexHints';
import {
  insertion,
  type Sql,
  type Statement,
  type StatementResult,
  type TransactionSql,
} from '../database/sql';
import type { Audience } from '../model/audience';
import type { Lane } from '../model/lane';
import { audienceFilter, audienceHint, broadcastRules } from './audienceFilter';
import { leavesOut } from './leftOut';

/** Deliveries in one dispatch: large enough that the queue costs next to nothing per delivery. */
export const dispatchSize = 500;

/** What expansion must know of a notification. */
export interface Expandable {
  readonly id: number;
  readonly applicationId: number;
  readonly audience: Audience;
  readonly lane: Lane;
}

export interface ExpandedPage {
  /** Ids of the dispatches made. */
  readonly dispatchIds: number[];
  readonly targeted: number;
  /** Where the next page begins; undefined when this one was the last. */
  readonly nextCursor: number | undefined;
}

export interface PageBounds {
  /** The last subscription id already expanded; 0 at first. */
  readonly cursor: number;
  /** So many are found at most. */
  readonly size: number;
  /** So many live ones are looked at, at most; undefined where nearly all that are looked at are found. */
  readonly reach: number | undefined;
  readonly dueAt: number;
  /** Browsers last seen before this are left out; undefined: none. */
  readonly staleBefore?: number | undefined;
}

interface Target {
  readonly id: number;
  readonly pushService: string;
}

interface AudiencePage {
  readonly targets: Target[];
  /** Where the next page begins; undefined when this one was the last. */
  readonly nextCursor: number | undefined;
}

/**
 * Writes the deliveries and dispatches for the next page of an audience, in subscription order, inside the
 * caller's transaction (which must also move the cursor). A page may be empty and yet not the last.
 */
export async function expandPage(
  sql: TransactionSql,
  notification: Expandable,
  page: PageBounds,
): Promise<ExpandedPage> {
  const { cursor, size, reach, dueAt, staleBefore } = page;
  const looked = reach === undefined ? undefined : await reachOf(sql, notification, { cursor, reach });
  const [read] = await sql.batch([
    pageOfAudience(notification, cursor, size, { end: looked?.end, staleBefore }),
  ]);
  const { targets, nextCursor } = toPage(read, size, looked?.isLast === false ? looked.end : undefined);
  const fresh = freshDispatches(sql, notification, targets, { dueAt, publishedAt: null });
  return { dispatchIds: dispatchIdsOf(await sql.batch(fresh)), targeted: targets.length, nextCursor };
}

export interface PageRules {
  /** Whether a page may have to look at many more push subscriptions than it finds. */
  readonly isSparse: boolean;
  /** Browsers last seen before this are left out; undefined: none. */
  readonly staleBefore: number | undefined;
}

/** @param now by the database's clock, in milliseconds since 1970 */
export async function pageRules(
  sql: Sql,
  { applicationId, audience }: Pick<Expandable, 'applicationId' | 'audience'>,
  now: number,
): Promise<PageRules> {
  if (audience.userIds || audience.subscriptionIds) return { isSparse: false, staleBefore: undefined };
  if (audience.failedOf !== undefined) return { isSparse: true, staleBefore: undefined };
  const rules = await broadcastRules(sql, applicationId, now);
  return { isSparse: audience.tags !== undefined || leavesOut(rules), staleBefore: rules.staleBefore };
}

interface Reach {
  /** The last id that is looked at. */
  readonly end: number;
  /** Whether live ones come behind it. */
  readonly isLast: boolean;
}

/** So many live ones are counted, because ids may have gaps of any size. */
async function reachOf(
  sql: Sql,
  { applicationId }: Expandable,
  { cursor, reach }: { cursor: number; reach: number },
): Promise<Reach> {
  const live = `push_subscription ${inOrderOfIds} WHERE applicationId = ? AND retiredAt IS NULL`;
  const [row] = await sql.rows<{ reached: number | null; highest: number | null }>(
    `SELECT (SELECT id FROM ${live} AND id > ? ORDER BY id LIMIT 1 OFFSET ?) AS reached,
            (SELECT MAX(id) FROM ${live}) AS highest`,
    [applicationId, cursor, reach - 1, applicationId],
  );
  return { end: row?.reached ?? row?.highest ?? cursor, isLast: (row?.reached ?? null) === null };
}

/**
 * Reads who is on a page.
 * @param end the last id that is looked at
 * @param staleBefore browsers last seen before this are left out
 */
export function pageOfAudience(
  { applicationId, audience }: Pick<Expandable, 'applicationId' | 'audience'>,
  cursor: number,
  size: number,
  { end, staleBefore }: { end?: number | undefined; staleBefore?: number | undefined } = {},
): Statement {
  const { where, values } = audienceFilter(applicationId, audience, staleBefore);
  const range = end === undefined ? 's.id > ?' : 's.id > ? AND s.id <= ?';
  const text = `SELECT s.id, s.pushService FROM push_subscription s ${audienceHint(audience)}
    WHERE ${range} AND ${where} ORDER BY s.id LIMIT ?`;
  return { text, values: [cursor, ...(end === undefined ? [] : [end]), ...values, size] };
}

/** @param next where to go on behind a page that is not full; undefined when there is nobody behind it */
export function toPage(read: StatementResult | undefined, size: number, next?: number): AudiencePage {
  const targets = (read?.rows ?? []) as Target[];
  const last = targets.at(-1);
  return { targets, nextCursor: last && targets.length === size ? last.id : next };
}

/**
 * Writes the dispatches for the people of a page, each followed by its deliveries.
 * @param publishedAt set when the caller will publish the dispatches itself right after the commit
 */
export function freshDispatches(
  { lastId }: Pick<TransactionSql, 'lastId'>,
  { id, lane }: Pick<Expandable, 'id' | 'lane'>,
  targets: readonly Target[],
  due: { dueAt: number; publishedAt: number | null },
): Statement[] {
  return dispatchGroups(targets).flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) throw new Error('A dispatch needs at least one delivery.');
    const { pushService } = first;
    const range = { firstSubscriptionId: first.id, lastSubscriptionId: last.id };
    // values of our own go into the statement itself: binding 500 rows costs more than writing them
    const service = quotedName(pushService);
    const rows = group.map((target) => `(${id},${target.id},${lastId},0,0,${service})`);
    const deliveries = `INSERT INTO delivery (notificationId, subscriptionId, dispatchId, status, attempts, pushService)
      VALUES ${rows.join(',')}`;
    return [
      insertion('dispatch', { notificationId: id, lane, pushService, ...range, ...due }),
      { text: deliveries },
    ];
  });
}

/** Of what came of those statements. */
export function dispatchIdsOf(results: readonly StatementResult[]): number[] {
  return results.filter((_, index) => index % 2 === 0).map(({ insertId }) => insertId);
}

/** One push service to a dispatch, so that a slow one never holds up deliveries to another. */
export function dispatchGroups(targets: readonly Target[]): Target[][] {
  const byService = new Map<string, Target[]>();
  for (const target of targets) {
    const group = byService.get(target.pushService);
    if (group) group.push(target);
    else byService.set(target.pushService, [target]);
  }
  return [...byService.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / dispatchSize) }, (_, index) =>
      group.slice(index * dispatchSize, (index + 1) * dispatchSize),
    ),
  );
}

function quotedName(pushService: string): string {
  if (!/^[a-z0-9.:[\]-]+$/.test(pushService)) throw new Error('A push service has an unexpected name.');
  return `'${pushService}'`;
}
