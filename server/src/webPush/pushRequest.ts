import { createHash } from 'node:crypto';
import { maxTtlSeconds } from '../model/maxTtl';
import type { Urgency } from '../model/urgency';
import type { PushPost } from './pushPost';

/**
 * The headers of one push, in lower case as HTTP/2 wants them; the transport adds those of HTTP itself. One that is
 * undefined is left out.
 */
export interface PushHeaders {
  readonly ttl: string;
  readonly urgency: Urgency;
  readonly authorization: string;
  readonly 'content-type': string;
  readonly 'content-encoding': string;
  readonly topic: string | undefined;
  readonly 'x-wns-cache-policy': WnsCachePolicy | undefined;
}

type WnsCachePolicy = 'cache' | 'no-cache';

/** The headers of one POST to a push endpoint (RFC 8030 section 5) that leaves now. */
export function pushHeaders(
  post: Pick<PushPost, 'pushService' | 'urgency' | 'topic' | 'authorization' | 'ttlEndsAt'>,
  nowMs: number,
): PushHeaders {
  const ttlSeconds = remainingTtlSeconds(post.ttlEndsAt, nowMs);
  return {
    ttl: String(ttlSeconds),
    urgency: post.urgency,
    authorization: post.authorization,
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    topic: post.topic,
    'x-wns-cache-policy': post.pushService === 'wns' ? wnsCachePolicy(ttlSeconds) : undefined,
  };
}

/** WNS refuses a TTL that contradicts its own cache policy, and so every TTL 0 without this header. */
function wnsCachePolicy(ttlSeconds: number): WnsCachePolicy {
  return ttlSeconds === 0 ? 'no-cache' : 'cache';
}

/**
 * Whole seconds until the deadline (epoch milliseconds), between 0 and 28 days. Rounded down: a push service
 * must not hold a message beyond the moment we promised.
 */
export function remainingTtlSeconds(deadlineMs: number, nowMs: number): number {
  return Math.min(maxTtlSeconds, Math.max(0, Math.floor((deadlineMs - nowMs) / 1000)));
}

/**
 * The Topic header for a caller's topic: 32 characters of base64url(SHA-256). Push services see topics in
 * clear, so neither the word nor its equality across applications may show; 32 characters also suit Apple,
 * which decodes the value as base64url.
 */
export function topicHeader(applicationId: string | number, topic: string): string {
  return createHash('sha256').update(`${applicationId}\0${topic}`).digest('base64url').slice(0, 32);
}
