import { lookup as systemLookup } from 'node:dns';
import { BoundedResolver } from './boundedResolver';
import type { ResolveAll } from './resolveAll';

/** How the name of a push service is resolved, by how it came to be allowed. */
export interface NameResolvers {
  /** Names that the operator or a browser vendor gave in full: as the system does, with /etc/hosts. */
  readonly exact: ResolveAll;
  /** Names below an entry with a wildcard. */
  readonly wildcard: ResolveAll;
  /** Any other public name. */
  readonly unlisted: ResolveAll;
}

/** Names below a listed domain never wait for the look-ups of names that are not listed at all. */
export function createResolvers(): NameResolvers {
  return {
    exact: systemLookup,
    wildcard: new BoundedResolver({ perDomain: 16 }).resolve,
    unlisted: new BoundedResolver().resolve,
  };
}
