/** Why a notification did or did not reach a browser; the better one stands before the worse one. */
export const reachReasons = [
  'DISPLAYED',
  'ACCEPTED',
  'BEING_SENT',
  'WAITS_TO_RETRY',
  'WAITS_FOR_PUSH_SERVICE',
  'NOT_YET',
  'EXPIRED',
  'EXHAUSTED',
  'REJECTED',
  'CANCELLED',
  'GONE',
  'SUBSCRIBED_LATER',
  'STALE',
  'MEANT_SINCE',
  'NOT_MEANT',
  'ENDED_BEFORE',
  'NO_BROWSER',
] as const;

export type ReachReason = (typeof reachReasons)[number];
