/** The response headers that say something about a push; all others are dropped when they arrive. */
export const keptAnswerHeaders = [
  'retry-after',
  'x-wns-status',
  'x-wns-notificationstatus',
  'x-wns-error-description',
  'x-wns-continue-after',
] as const;

export type KeptAnswerHeader = (typeof keptAnswerHeaders)[number];

export type PushAnswerHeaders = Partial<Record<KeptAnswerHeader, string>>;

/**
 * Why no answer came.
 *
 * | failure           | means                                                                           |
 * |-------------------|---------------------------------------------------------------------------------|
 * | `timeout`         | no complete answer in time: the push service may have taken it                   |
 * | `reset`           | connection or stream ended before an answer: it may have been taken              |
 * | `refused`         | no connection, or the stream was turned away: surely not taken                  |
 * | `dns`             | the host has no address now                                                     |
 * | `tls`             | handshake or certificate                                                        |
 * | `blocked-address` | the host is not allowed, or an address of it is not public: nothing was sent     |
 * | `protocol`        | the peer broke HTTP                                                             |
 * | `aborted`         | we closed: no attempt to count, the delivery goes back (it may have been taken)  |
 */
export const pushFailures = [
  'timeout',
  'reset',
  'refused',
  'dns',
  'tls',
  'blocked-address',
  'protocol',
  'aborted',
] as const;

export type PushFailureName = (typeof pushFailures)[number];

/**
 * A push service's word: status, the kept headers (lower case) and at most the first 4 KiB of the body; of a success
 * none, for it says nothing (RFC 8030 section 5).
 */
export interface PushResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: PushAnswerHeaders;
  readonly body: string;
}

export interface PushFailure {
  readonly kind: 'failure';
  readonly failure: PushFailureName;
}

/** What came of one POST to a push endpoint (RFC 8030 section 5): always a value, never an exception. */
export type PushAnswer = PushResponse | PushFailure;
