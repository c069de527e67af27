import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { defaultOperationLimits, isOperation, type OperationLimits } from '../model/operation';
import { Refusal } from '../model/refusal';
import type { Caller } from './caller';
import type { RateBucket, RateLimiter, RateVerdict } from './rateLimiter';

/** The limits of the installation, in requests a minute. An application may have its own for its keys. */
export interface RateLimits {
  readonly perKey: number;
  /** Of web pages and of callers without a key, per address. */
  readonly perAddress: number;
  readonly subscribesPerAddress: number;
  /** Of single operations, per key. */
  readonly perOperation: OperationLimits;
}

export const defaultRateLimits: RateLimits = {
  perKey: 600_000,
  perAddress: 600,
  subscribesPerAddress: 60,
  perOperation: defaultOperationLimits,
};

/** What a request is counted by. */
export interface CountedRequest {
  readonly caller: Caller | undefined;
  readonly address: string | undefined;
  /** How many it counts for. */
  readonly requests: number;
  /** The operations it asks for, as often as it does. */
  readonly operations: readonly string[];
}

type Takings = Array<[RateBucket, number]>;

/**
 * The buckets of a request, with how much it takes out of each. Its address comes first: what that is refused takes
 * nothing from a publishable key, which all visitors of a page share.
 */
function bucketsOf(request: CountedRequest, limits: RateLimits): Takings {
  const { caller, address, requests, operations } = request;
  const buckets = caller?.kind === 'SECRET' ? [] : addressBuckets(address, requests, operations, limits);
  if (!caller) return buckets;
  const limit = caller.application.requestsPerMinute ?? limits.perKey;
  buckets.push([bucket(`key:${caller.apiKeyId}`, limit), requests]);
  buckets.push(...operationBuckets(caller, operations, limits.perOperation));
  return buckets;
}

function addressBuckets(
  address: string | undefined,
  requests: number,
  operations: readonly string[],
  limits: RateLimits,
): Takings {
  const network = networkOf(address);
  if (network === undefined) return [];
  const buckets: Takings = [[bucket(`address:${network}`, limits.perAddress), requests]];
  const subscribes = operations.filter((operation) => operation === 'subscribe').length;
  if (subscribes > 0) {
    buckets.push([bucket(`subscribe:${network}`, limits.subscribesPerAddress), subscribes]);
  }
  return buckets;
}

function operationBuckets(
  { apiKeyId }: Caller,
  operations: readonly string[],
  limits: OperationLimits,
): Takings {
  return [...new Set(operations)].flatMap((name) => {
    const limit = isOperation(name) ? limits[name] : undefined;
    if (limit === undefined) return [];
    const times = operations.filter((operation) => operation === name).length;
    return [[bucket(`key:${apiKeyId}:${name}`, limit), times]];
  });
}

/** A limit that is changed begins a count of its own: what was set aside under the old one is no measure. */
function bucket(what: string, limit: number): RateBucket {
  return { name: `${what}:${limit}`, limit };
}

/**
 * Counts a request.
 * @returns the bucket that is nearest to its end, undefined when nothing counts it
 * @throws Refusal RATE_LIMITED
 */
export async function countRequest(
  limiter: RateLimiter,
  request: CountedRequest,
  limits: RateLimits,
): Promise<RateVerdict | undefined> {
  return takeAll(limiter, bucketsOf(request, limits));
}

/**
 * Counts a secret key that does not exist, as a guess and as visits.
 * @throws Refusal RATE_LIMITED
 */
export async function countGuess(
  limiter: RateLimiter,
  address: string | undefined,
  limits: RateLimits,
  visits: number,
): Promise<void> {
  const guesses = guessBucket(address, limits);
  if (guesses) await takeAll(limiter, [[guesses, 1], ...addressBuckets(address, visits, [], limits)]);
}

/**
 * Looks up no more keys for an address that has guessed as many as it may visit. Guesses have a bucket of their own,
 * so that a back end whose address pages have used up is still looked up.
 * @throws Refusal RATE_LIMITED
 */
export function refuseGuesser(limiter: RateLimiter, address: string | undefined, limits: RateLimits): void {
  const guesses = guessBucket(address, limits);
  const verdict = guesses && limiter.spent(guesses);
  if (verdict) throw rateLimited(verdict);
}

function guessBucket(address: string | undefined, limits: RateLimits): RateBucket | undefined {
  const network = networkOf(address);
  return network === undefined ? undefined : bucket(`guesses:${network}`, limits.perAddress);
}

async function takeAll(limiter: RateLimiter, takings: Takings): Promise<RateVerdict | undefined> {
  let nearest: RateVerdict | undefined;
  for (const [bucket, count] of takings) {
    const verdict = await limiter.take(bucket, count);
    if (!verdict.granted) throw rateLimited(verdict);
    if (nearest === undefined || verdict.remaining < nearest.remaining) nearest = verdict;
  }
  return nearest;
}

/** A Refusal that knows when to come back. */
export class RateRefusal extends Refusal {
  constructor(
    readonly verdict: RateVerdict,
    readonly retryAfterSeconds: number,
  ) {
    super('RATE_LIMITED', `Too many requests: come back in ${retryAfterSeconds} s.`);
  }
}

function rateLimited(verdict: RateVerdict): RateRefusal {
  return new RateRefusal(verdict, Math.max(1, Math.ceil((verdict.resetAt - Date.now()) / 1_000)));
}

/**
 * What of an address one person has: an IPv4 address, or the first 64 bits of an IPv6 one. Hashed, as addresses are
 * personal data. Undefined for our own machine: behind a proxy on it, everybody would come from there.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || !ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'loopback') return undefined;
  const bytes = parsed.toByteArray();
  const network = Buffer.from(bytes.length === 16 ? bytes.slice(0, 8) : bytes);
  return createHash('sha256').update(network).digest('base64url').slice(0, 22);
}
