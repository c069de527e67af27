import { defaultOperationLimits, isOperation, type OperationLimits } from '../../model/operation';
import { Refusal } from '../../model/refusal';
import type { Caller } from './caller';
import type { PeerNetwork } from './peerNetworks';
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
  /** Narrowest first; a secret key is not counted by them. */
  readonly networks: readonly PeerNetwork[];
  /** How many it counts for. */
  readonly requests: number;
  /** The operations it asks for, as often as it does. */
  readonly operations: readonly string[];
}

type Takings = Array<[RateBucket, number]>;

function addressBuckets(
  networks: readonly PeerNetwork[],
  requests: number,
  operations: readonly string[],
  limits: RateLimits,
): Takings {
  const subscribes = operations.filter((operation) => operation === 'subscribe').length;
  return networks.flatMap(({ name, factor, subscribesOnly }) => {
    const buckets: Takings = [];
    if (!subscribesOnly) buckets.push([bucket(`address:${name}`, limits.perAddress * factor), requests]);
    if (subscribes > 0) {
      buckets.push([bucket(`subscribe:${name}`, limits.subscribesPerAddress * factor), subscribes]);
    }
    return buckets;
  });
}

/** What a page needs to subscribe its visitor. */
const pageOperations = new Set(['vapidPublicKey', 'subscribe', 'unsubscribe', 'recordReceipt']);
/** Requests of one address in a minute that count as a visit. */
const visitRequests = 20;

/**
 * Visitors of a page share its publishable key, so what many addresses do to it must not lock others out: what a page
 * needs is counted apart from everything else, and the first requests of an address apart from its later ones.
 * @param used requests of this address in this minute
 */
function keyBuckets(
  { caller, requests, operations }: CountedRequest & { caller: Caller },
  used: number,
  limits: RateLimits,
): Takings {
  const limit = caller.application.requestsPerMinute ?? limits.perKey;
  const key = `key:${caller.apiKeyId}`;
  if (caller.kind === 'SECRET') return [[bucket(key, limit), requests]];
  const isPage = operations.every((operation) => pageOperations.has(operation));
  const purpose = isPage ? (used <= visitRequests ? 'visit' : 'page') : 'other';
  return [[bucket(`${key}:${purpose}`, limit), operations.length]];
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
 * Counts a request. Its address comes first: a request refused for its address takes nothing from a publishable key.
 * @returns the bucket that is nearest to its end, undefined when nothing counts it
 * @throws Refusal RATE_LIMITED
 */
export async function countRequest(
  limiter: RateLimiter,
  request: CountedRequest,
  limits: RateLimits,
): Promise<RateVerdict | undefined> {
  const { caller, networks, requests, operations } = request;
  const isSecret = caller?.kind === 'SECRET';
  const addresses = isSecret ? [] : addressBuckets(networks, requests, operations, limits);
  const byAddress = await takeAll(limiter, addresses);
  if (!caller) return byAddress.nearest;
  const buckets = keyBuckets({ ...request, caller }, byAddress.used, limits);
  const byKey = await takeAll(limiter, [
    ...buckets,
    ...operationBuckets(caller, operations, limits.perOperation),
  ]);
  return nearer(byAddress.nearest, byKey.nearest);
}

/**
 * Counts a secret key that does not exist, as a guess and as visits.
 * @throws Refusal RATE_LIMITED
 */
export async function countGuess(
  limiter: RateLimiter,
  networks: readonly PeerNetwork[],
  limits: RateLimits,
  visits: number,
): Promise<void> {
  const guesses = guessBuckets(networks, limits).map((bucket): [RateBucket, number] => [bucket, 1]);
  await takeAll(limiter, [...guesses, ...addressBuckets(networks, visits, [], limits)]);
}

/**
 * Rejects the request without a key lookup once this address has used up its budget of invalid keys. Guesses have a
 * bucket of their own, so that a back end is still looked up if pages have used up its address.
 * @throws Refusal RATE_LIMITED
 */
export function refuseGuesser(
  limiter: RateLimiter,
  networks: readonly PeerNetwork[],
  limits: RateLimits,
): void {
  for (const guesses of guessBuckets(networks, limits)) {
    const verdict = limiter.spent(guesses);
    if (verdict) throw rateLimited(verdict);
  }
}

function guessBuckets(networks: readonly PeerNetwork[], limits: RateLimits): RateBucket[] {
  return networks
    .filter(({ subscribesOnly }) => !subscribesOnly)
    .map(({ name, factor }) => bucket(`guesses:${name}`, limits.perAddress * factor));
}

/** @returns the verdict nearest to its end, and what the first bucket, the narrowest, has granted this minute */
async function takeAll(
  limiter: RateLimiter,
  takings: Takings,
): Promise<{ nearest: RateVerdict | undefined; used: number }> {
  let nearest: RateVerdict | undefined;
  let used: number | undefined;
  for (const [bucket, count] of takings) {
    const verdict = await limiter.take(bucket, count);
    if (!verdict.granted) throw rateLimited(verdict);
    used ??= verdict.used;
    nearest = nearer(nearest, verdict);
  }
  return { nearest, used: used ?? 0 };
}

function nearer(one: RateVerdict | undefined, other: RateVerdict | undefined): RateVerdict | undefined {
  if (!one || !other) return one ?? other;
  return other.remaining < one.remaining ? other : one;
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
  return new RateRefusal(verdict, Math.max(1, Math.ceil(verdict.resetInMs / 1_000)));
}
