import { checkPushEndpoint } from '../egress/allowedPushHost';
import type { PushHostPolicy } from '../egress/pushHostPolicy';

/** An endpoint in the two parts that a POST needs. */
export interface EndpointDeps {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

const maxOrigins = 10_000;

/**
 * The check of the endpoint before each send. What the policy says depends on the origin alone, and millions of
 * subscriptions share a handful of origins, so each is judged once.
 */
export class CheckedOrigins {
  readonly #verdicts = new Map<string, boolean>();

  constructor(private readonly policy: PushHostPolicy) {}

  /**
   * @param endpoint as `checkPushEndpoint` normalised it when the subscription was registered
   * @returns undefined when the policy does not allow its push service (any more)
   */
  split(endpoint: string): EndpointDeps | undefined {
    const pathAt = endpoint.indexOf('/', endpoint.indexOf('//') + 2);
    if (pathAt < 0) return undefined;
    const origin = endpoint.slice(0, pathAt);
    return this.#isAllowed(origin) ? { origin, path: endpoint.slice(pathAt) } : undefined;
  }

  #isAllowed(origin: string): boolean {
    const known = this.#verdicts.get(origin);
    if (known !== undefined) return known;
    const checked = checkPushEndpoint(`${origin}/`, this.policy);
    const verdict = checked.allowed && checked.origin === origin;
    if (this.#verdicts.size >= maxOrigins) this.#verdicts.clear();
    this.#verdicts.set(origin, verdict);
    return verdict;
  }
}
