import { STATUS_CODES } from 'node:http';

/** One HTTP answer of the push service, not yet written to the wire. */
export interface PushReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Error numbers as Mozilla autopush gives them, so that a sender meets the same ones here. */
export const errno = {
  unknownSubscription: 102,
  tooLarge: 104,
  unsubscribed: 106,
  credentials: 109,
  encryption: 110,
  ttlMissing: 111,
  topic: 113,
  ttlNegative: 114,
  other: 999,
} as const;

export type Errno = (typeof errno)[keyof typeof errno];

/** A push request that breaks a rule; thrown by the checks, turned into an answer in one place. */
export class PushRefusal extends Error {
  constructor(
    readonly status: number,
    readonly errno: Errno,
    message: string,
  ) {
    super(message);
    this.name = 'PushRefusal';
  }
}

/** The answer to a refusal: JSON in autopush's shape `{ code, errno, error, message, more_info }`. */
export function refusalReply(refusal: PushRefusal): PushReply {
  const body = JSON.stringify({
    code: refusal.status,
    errno: refusal.errno,
    error: STATUS_CODES[refusal.status] ?? 'Unknown',
    message: refusal.message,
    more_info: 'https://www.rfc-editor.org/rfc/rfc8030',
  });
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (refusal.status === 410) headers['cache-control'] = 'max-age=86400';
  return { status: refusal.status, headers, body };
}
