import type { Statement } from '../../database/sql';

/** A user's push subscription, and since when it is theirs. */
export interface OwnedSubscription {
  readonly id: number;
  readonly userId: string | null;
  readonly userSince: number;
}

/** When a notification went out, or is to. */
export function startOf({ sendAt, createdAt }: { sendAt: number | null; createdAt: number }): number {
  return sendAt ?? createdAt;
}

/**
 * A condition over `notification n`: it started when the browser was its present user's, and names either nobody or
 * this user. Anything else may have been for a former user of the same browser.
 */
export function sentToUser({ userId, userSince }: OwnedSubscription): Required<Statement> {
  return {
    text: `COALESCE(n.sendAt, n.createdAt) >= ? AND ${namesNoOther}`,
    values: [userSince, JSON.stringify(userId)],
  };
}

/**
 * A condition over `notification n` that takes the user id as JSON. A quotation mark within a JSON string is escaped, so
 * the name of the member cannot occur within a tag.
 */
export const namesNoOther = `(INSTR(n.audience, '"userIds":[') = 0 OR INSTR(n.audience, ?) > 0)`;
