import type { PushHeaders } from './pushRequest';

/** One message to one endpoint, ready to be sent. */
export interface PushPost {
  /** Scheme, host and port, as `checkPushEndpoint` gives it. */
  readonly origin: string;
  /** Path and query of the endpoint. */
  readonly path: string;
  readonly headers: PushHeaders;
  readonly body: Buffer;
  /** For everything: the wait for a connection, the request and the whole answer. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970: what has not begun to leave by then never does (`timeout`). */
  readonly latestSendAt: number;
}
