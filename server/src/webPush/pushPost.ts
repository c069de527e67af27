import type { PushServiceName } from '../model/pushService';
import type { Urgency } from '../model/urgency';

/** One message to one endpoint, ready to be sent. */
export interface PushPost {
  /** Scheme, host and port, as `checkPushEndpoint` gives it. */
  readonly origin: string;
  /** Path and query of the endpoint. */
  readonly path: string;
  readonly pushService: PushServiceName;
  readonly urgency: Urgency;
  /** The value of `topicHeader`, already hashed. */
  readonly topic?: string | undefined;
  /** The whole `Authorization` value (`VapidTokens.authorization`). */
  readonly authorization: string;
  readonly body: Buffer;
  /** Milliseconds since 1970: it carries the TTL that is left until then when it leaves; 0 for TTL 0. */
  readonly ttlEndsAt: number;
  /** For everything: the wait for a connection, the request and the whole answer. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970: what has not begun to leave by then never does (`timeout`). */
  readonly latestSendAt: number;
  /** Asked as it begins to leave: false keeps it from leaving (`aborted`). Absent: always true. */
  readonly mayLeave?: () => boolean;
}
