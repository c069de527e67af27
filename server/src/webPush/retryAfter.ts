import type { PushAnswerHeaders } from '../model/pushAnswer';

/** No push service may silence its deliveries for longer than this with one header. */
export const maxRetryAfterMs = 3_600_000;

/**
 * How long the push service asks us to wait: Retry-After (RFC 9110 section 10.2.3: seconds or an HTTP date) or
 * WNS's X-WNS-Continue-After (seconds), between 0 and one hour. Undefined when neither is there or legible.
 */
export function retryAfterMs(headers: PushAnswerHeaders, nowMs: number): number | undefined {
  const value = (headers['retry-after'] ?? headers['x-wns-continue-after'])?.trim();
  if (value === undefined) return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : httpDate(value) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(maxRetryAfterMs, Math.max(0, Math.round(waitMs)));
}

/** `Date.parse` takes far more than dates (`-5` is a year), so a weekday's name must lead. */
function httpDate(value: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
}
