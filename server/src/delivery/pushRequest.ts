import { createHash } from 'node:crypto';
import { maxTtlSeconds } from '../model/maxTtl';
import type { PushServiceName } from '../model/pushService';
import type { Urgency } from '../model/urgency';

/** The headers of one push, in lower case as HTTP/2 wants them; the transport adds those of HTTP itself. */
export interface PushHeaders {
  readonly ttl: string;
  readonly urgency: Urgency;
  readonly authorization: string;
  readonly 'content-type'?: string;
  readonly 'content-encoding'?: string;
  readonly topic?: string;
  readonly 'x-wns-cache-policy'?: 'cache' | 'no-cache';
}

export interface PushRequestInput {
  readonly pushService: PushServiceName;
  /** What is left of the TTL: see `remainingTtlSeconds`. */
  readonly ttlSeconds: number;
  readonly urgency: Urgency;
  /** The value of `topicHeader`, already hashed. */
  readonly topic?: string | undefined;
  /** The whole `Authorization` value (`VapidTokens.authorization`). */
  readonly authorization: string;
  /** False for a push without payload, which carries no Content-* headers (RFC 8030 section 5). */
  readonly hasPayload?: boolean;
}

/** The headers of one POST to a push endpoint (RFC 8030 section 5). */
export function pushHeaders(input: PushRequestInput): PushHeaders {
  return {
    ttl: String(input.ttlSeconds),
    urgency: input.urgency,
    authorization: input.authorization,
    ...(input.hasPayload === false ? undefined : payloadHeaders),
    ...(input.topic === undefined ? undefined : { topic: input.topic }),
    ...(input.pushService === 'wns' ? wnsHeaders(input.ttlSeconds) : undefined),
  };
}

const payloadHeaders = {
  'content-type': 'application/octet-stream',
  'content-encoding': 'aes128gcm',
} as const;

/** WNS refuses a TTL that contradicts its own cache policy, and so every TTL 0 without this header. */
function wnsHeaders(ttlSeconds: number): Pick<PushHeaders, 'x-wns-cache-policy'> {
  return { 'x-wns-cache-policy': ttlSeconds === 0 ? 'no-cache' : 'cache' };
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
