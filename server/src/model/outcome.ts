import type { PushFailureName } from './pushAnswer';

/**
 * What an answer means for its delivery, once no further try is due.
 *
 * | kind          | the push service says                                     | delivery ends as |
 * |---------------|-----------------------------------------------------------|------------------|
 * | `accepted`    | it took the message (never: the person saw it)            | ACCEPTED         |
 * | `gone`        | the push subscription is no more                          | GONE             |
 * | `throttled`   | too many: slow down                                       | by its retries   |
 * | `transient`   | nothing, or that it is in trouble                         | by its retries   |
 * | `rejected`    | it will not take this message                             | REJECTED         |
 * | `credential`  | it does not accept our VAPID token                        | REJECTED         |
 * | `keyMismatch` | the push subscription was made with another VAPID key     | REJECTED         |
 */
export type OutcomeKind =
  | 'accepted'
  | 'gone'
  | 'throttled'
  | 'transient'
  | 'rejected'
  | 'credential'
  | 'keyMismatch';

/** The closed class of reasons that is stored, counted and shown; `docs/outcomes.md` explains each. */
export type OutcomeReason =
  | PushFailureName
  | 'accepted'
  | 'channel-throttled'
  | 'dropped'
  | 'unknown-subscription'
  | 'new-subscription-unknown'
  | 'key-mismatch'
  | 'endpoint-refused'
  | 'bad-token'
  | 'too-large'
  | 'bad-topic'
  | 'too-many-requests'
  | 'unavailable'
  | 'redirect'
  | 'bad-request'
  | 'unexpected-status'
  | 'bad-subscription-keys';

/**
 * `no`: this answer is final. `backoff`: again later (`retryDelay`). `freshToken`: again at once with a newly
 * signed VAPID token. `withoutTopic`: again at once without the Topic header.
 */
export type OutcomeRetry = 'no' | 'backoff' | 'freshToken' | 'withoutTopic';

/**
 * What one attempt came to. Read `retry` first: only when it is `no`, or when no retry is left, does `kind`
 * end the delivery.
 */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly reason: OutcomeReason;
  readonly retry: OutcomeRetry;
  /** The push subscription ends with this answer: 404 and 410 only. */
  readonly retires: boolean;
  /** Counts against the (VAPID key, push service) pair: several in a row hold that key's queue. */
  readonly holdsKey: boolean;
  readonly httpStatus?: number;
  /** The push service's own wish (Retry-After, X-WNS-Continue-After), capped at one hour. */
  readonly retryAfterMs?: number;
}
