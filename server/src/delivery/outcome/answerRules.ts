import type { OutcomeKind, OutcomeReason, OutcomeRetry } from '../../model/outcome';
import type { PushServiceName } from '../../model/pushService';

/** FCM has answered 410 for subscriptions seconds old and accepted the same push a moment later. */
export const newSubscriptionMs = 60_000;

/** A row: what an answer must look like (all that is given), and what it then means. */
export interface AnswerRule {
  /** Inclusive ranges; a single status is a range of one. */
  readonly status: ReadonlyArray<readonly [from: number, to: number]>;
  readonly pushService?: PushServiceName;
  /** Found in the body or in X-WNS-Error-Description. */
  readonly text?: RegExp;
  /** Found in X-WNS-Status or X-WNS-NotificationStatus. */
  readonly wnsStatus?: RegExp;
  readonly subscriptionYoungerThanMs?: number;

  readonly kind: OutcomeKind;
  readonly reason: OutcomeReason;
  readonly retry?: OutcomeRetry;
  readonly retires?: true;
  readonly holdsKey?: true;
  /** The wait when the push service names none. */
  readonly retryAfterMs?: number;
}

const success: AnswerRule['status'] = [[200, 299]];
const unknown: AnswerRule['status'] = [
  [404, 404],
  [410, 410],
];
const unauthorized: AnswerRule['status'] = [
  [401, 401],
  [403, 403],
];
const clientFault: AnswerRule['status'] = [[400, 499]];

/**
 * What each push service's answers mean; the first row that matches wins. Push services differ in the status
 * they choose for one fault (a body too large is 413, at FCM 400; another VAPID key is 403, at Apple 400), so
 * the particular rows stand before the general ones. `docs/outcomes.md` gives the sources.
 */
export const answerRules: readonly AnswerRule[] = [
  // WNS says in a header that a 200 was none.
  {
    pushService: 'wns',
    status: success,
    wnsStatus: /channelthrottled/i,
    kind: 'throttled',
    reason: 'channel-throttled',
    retry: 'backoff',
  },
  { pushService: 'wns', status: success, wnsStatus: /dropped/i, kind: 'rejected', reason: 'dropped' },
  { status: success, kind: 'accepted', reason: 'accepted' },

  {
    pushService: 'fcm',
    status: unknown,
    subscriptionYoungerThanMs: newSubscriptionMs,
    kind: 'gone',
    reason: 'new-subscription-unknown',
    retry: 'backoff',
    retryAfterMs: 10_000,
  },
  { status: unknown, kind: 'gone', reason: 'unknown-subscription', retires: true },

  { status: clientFault, text: /VapidPkHashMismatch/, kind: 'keyMismatch', reason: 'key-mismatch' },
  {
    status: unauthorized,
    text: /do not correspond|VAPID public key mismatch/i,
    kind: 'keyMismatch',
    reason: 'key-mismatch',
  },

  // Seen for a while on good endpoints: one more try, and no blame on the key.
  {
    pushService: 'fcm',
    status: unauthorized,
    text: /invalid push subscription endpoint/i,
    kind: 'credential',
    reason: 'endpoint-refused',
    retry: 'freshToken',
  },
  { status: unauthorized, kind: 'credential', reason: 'bad-token', retry: 'freshToken', holdsKey: true },
  {
    status: [[400, 400]],
    text: /UnauthorizedRegistration|"errno"\s*:\s*109\b/,
    kind: 'credential',
    reason: 'bad-token',
    retry: 'freshToken',
    holdsKey: true,
  },

  { status: [[413, 413]], kind: 'rejected', reason: 'too-large' },
  { pushService: 'fcm', status: [[400, 400]], text: /4096/, kind: 'rejected', reason: 'too-large' },
  {
    status: [[400, 400]],
    text: /BadWebPushTopic/,
    kind: 'rejected',
    reason: 'bad-topic',
    retry: 'withoutTopic',
  },

  { status: [[429, 429]], kind: 'throttled', reason: 'too-many-requests', retry: 'backoff' },
  {
    pushService: 'wns',
    status: [[406, 406]],
    kind: 'throttled',
    reason: 'too-many-requests',
    retry: 'backoff',
  },
  {
    status: [
      [408, 408],
      [425, 425],
      [500, 599],
    ],
    kind: 'transient',
    reason: 'unavailable',
    retry: 'backoff',
  },

  { status: [[300, 399]], kind: 'rejected', reason: 'redirect' },
  { status: clientFault, kind: 'rejected', reason: 'bad-request' },
  {
    status: [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
    kind: 'rejected',
    reason: 'unexpected-status',
  },
];
