import type { PlaygroundPasses } from '../../secrets/playgroundPasses';
import type { RateLimiter } from './rateLimiter';
import type { RateLimits } from './rateRules';

/** What stands between a document that is valid and its execution. */
export interface Admission {
  readonly rateLimiter: RateLimiter;
  readonly rateLimits: RateLimits;
  /** The schema is shown to admins only: production. */
  readonly hidesSchema: boolean;
  /** Publishable keys and callers without a key may send the SDK's documents only. */
  readonly onlyKnownDocuments: boolean;
  /** What opens the playground to admins; undefined where it is open to everybody. */
  readonly playgroundPasses: PlaygroundPasses | undefined;
}
