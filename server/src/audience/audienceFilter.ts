import { byUser, inOrderOfIds } from '../database/indexHints';
import { idList, placeholders, type Sql, type SqlValue } from '../database/sql';
import type { Audience, TagFilter } from '../model/audience';
import { deliveryStatusCode } from '../model/deliveryStatus';
import { dayMs } from '../model/timeSpans';

/** A WHERE clause over `push_subscription s` with its values. */
export interface AudienceFilter {
  readonly where: string;
  readonly values: SqlValue[];
}

/** In a list of a statement. */
export const failedStatuses = idList((['REJECTED', 'EXPIRED', 'EXHAUSTED'] as const).map(deliveryStatusCode));

const mustBeVerified = 'EXISTS (SELECT 1 FROM application a WHERE a.id = ? AND a.verifySubscriptions = 1)';

/** Which browsers broadcasts of an application leave out. */
export interface BroadcastRules {
  /** Browsers that have never proved to read what they are sent. */
  readonly mustBeVerified: boolean;
  /** Browsers last seen before this, in milliseconds since 1970; undefined: none. */
  readonly staleBefore: number | undefined;
}

/** @param at when the broadcast is sent, by the database's clock, in milliseconds since 1970 */
export async function broadcastRules(sql: Sql, applicationId: number, at: number): Promise<BroadcastRules> {
  const [row] = await sql.rows<{ verifySubscriptions: number; staleAfterDays: number | null }>(
    'SELECT verifySubscriptions, staleAfterDays FROM application WHERE id = ?',
    [applicationId],
  );
  const days = row?.staleAfterDays ?? undefined;
  return {
    mustBeVerified: row?.verifySubscriptions === 1,
    staleBefore: days === undefined ? undefined : at - days * dayMs,
  };
}

/** Whether an audience follows those rules: users and subscriptions that are named are reached regardless. */
export function isBroadcast({ userIds, subscriptionIds, failedOf }: Audience): boolean {
  return !userIds && !subscriptionIds && failedOf === undefined;
}

/** Behind `push_subscription s` where an audience is looked through. */
export function audienceHint(audience: Audience): string {
  if (audience.userIds) return byUser;
  return audience.subscriptionIds ? '' : inOrderOfIds;
}

/**
 * The live push subscriptions of an application that an audience names: its fields intersect.
 * @param staleBefore a broadcast leaves out browsers last seen before this: see broadcastRules
 */
export function audienceFilter(
  applicationId: number,
  audience: Audience,
  staleBefore?: number,
): AudienceFilter {
  const reachable = reachableParts(applicationId, audience, staleBefore);
  if (audience.failedOf === undefined) return intersected(reachable);
  const hasFailed = {
    where: `${sameHands} AND EXISTS (SELECT 1 FROM delivery f WHERE f.notificationId = ? AND f.subscriptionId = s.id AND f.status IN (${failedStatuses}))`,
    values: [audience.failedOf, audience.failedOf],
  };
  return intersected([...reachable, hasFailed]);
}

/** If a browser's user has changed since a notification started, the notification was for the earlier user. */
const sameHands = `(s.userLeftAt IS NULL
  OR s.userLeftAt < (SELECT COALESCE(n.sendAt, n.createdAt) FROM notification n WHERE n.id = ?))`;

/** The same for those of whom it is known that they have failed. */
export function reachableFilter(applicationId: number, audience: Audience): AudienceFilter {
  const reachable = reachableParts(applicationId, audience);
  if (audience.failedOf === undefined) return intersected(reachable);
  return intersected([...reachable, { where: sameHands, values: [audience.failedOf] }]);
}

function reachableParts(applicationId: number, audience: Audience, staleBefore?: number): AudienceFilter[] {
  const { userIds, subscriptionIds, tags } = audience;
  // the plus, which changes nothing, keeps SQLite from the index on what follows it
  const isLive = userIds ? '+s.retiredAt IS NULL' : 's.retiredAt IS NULL';
  const parts: AudienceFilter[] = [{ where: `s.applicationId = ? AND ${isLive}`, values: [applicationId] }];
  if (userIds) {
    parts.push({ where: `s.userId IN (${placeholders(userIds.length)})`, values: [...userIds] });
  }
  if (subscriptionIds) parts.push({ where: `s.id IN (${idList(subscriptionIds)})`, values: [] });
  if (isBroadcast(audience)) {
    parts.push({ where: `(s.verifiedAt IS NOT NULL OR NOT ${mustBeVerified})`, values: [applicationId] });
    // only where it is needed: the index does not have this column
    if (staleBefore !== undefined) parts.push({ where: 's.lastSeenAt >= ?', values: [staleBefore] });
  }
  return tags ? [...parts, ...tagFilters(tags)] : parts;
}

function intersected(parts: readonly AudienceFilter[]): AudienceFilter {
  return {
    where: parts.map((part) => part.where).join(' AND '),
    values: parts.flatMap((part) => part.values),
  };
}

function tagFilters(tags: TagFilter): AudienceFilter[] {
  const allOf = (tags.allOf ?? []).map((tag) => hasTag([tag]));
  const anyOf = tags.anyOf?.length ? [hasTag(tags.anyOf)] : [];
  const noneOf = tags.noneOf?.length ? [hasTag(tags.noneOf)] : [];
  return [...allOf, ...anyOf, ...noneOf.map(({ where, values }) => ({ where: `NOT ${where}`, values }))];
}

function hasTag(tags: readonly string[]): AudienceFilter {
  return {
    where: `EXISTS (SELECT 1 FROM subscription_tag t WHERE t.subscriptionId = s.id AND t.tag IN (${placeholders(tags.length)}))`,
    values: [...tags],
  };
}
