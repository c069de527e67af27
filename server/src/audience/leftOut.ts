import type { BroadcastRules } from './audienceFilter';

/** Whether broadcasts leave any browser out. */
export function leavesOut({ mustBeVerified, staleBefore }: BroadcastRules): boolean {
  return mustBeVerified || staleBefore !== undefined;
}

/** A condition over `push_subscription`: broadcasts leave it out. Only for rules that leave browsers out. */
export function leftOut({ mustBeVerified, staleBefore }: BroadcastRules): string {
  const conditions = [
    ...(mustBeVerified ? ['verifiedAt IS NULL'] : []),
    ...(staleBefore === undefined ? [] : [`lastSeenAt < ${Math.floor(staleBefore)}`]),
  ];
  return conditions.join(' OR ');
}
