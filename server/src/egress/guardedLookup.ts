import type { LookupFunction } from 'node:net';
import { checkPushEndpoint, isAddressLiteral, portOf } from './allowedPushHost';
import { isPublicAddress } from './publicAddress';
import { listing, type PushHostPolicy, permitsPrivateAddress } from './pushHostPolicy';
import type { ResolveAll } from './resolveAll';
import { createResolvers, type NameResolvers } from './resolvers';

/** What a connection to a name or address we must not reach fails with; `code` is EBLOCKED. */
export class BlockedAddressError extends Error {
  readonly code = 'EBLOCKED';

  constructor() {
    super('The host is not an allowed push service or has an address that is not public');
    this.name = 'BlockedAddressError';
  }
}

/**
 * The second check of a push endpoint, at the moment of connecting: the policy may be another than when it was
 * registered, and a name may since point elsewhere (DNS rebinding).
 */
export class ConnectGuard {
  constructor(
    private readonly policy: PushHostPolicy,
    private readonly resolvers: NameResolvers = createResolvers(),
  ) {}

  /**
   * The `lookup` for a connection to `origin`. A name is resolved once, and the connection goes to the very
   * addresses that were checked; when any of them is not public all are refused.
   *
   * @throws BlockedAddressError when the origin is not allowed at all; needed because a literal address never
   *   reaches a lookup
   */
  lookupFor(origin: string): LookupFunction {
    if (!checkPushEndpoint(`${origin}/`, this.policy).allowed) throw new BlockedAddressError();
    const url = new URL(origin);
    const isPrivateHost = permitsPrivateAddress(this.policy, url.hostname, portOf(url));
    if (isAddressLiteral(url.hostname) && !isPrivateHost) throw new BlockedAddressError();
    if (isPrivateHost) return guardedLookup(this.resolvers.exact, () => true);
    return guardedLookup(this.resolvers[this.listingOf(origin)], isPublicAddress);
  }

  /** How the name of an origin came to be allowed; a `host:port` entry is exact. */
  listingOf(origin: string): keyof NameResolvers {
    const url = new URL(origin);
    if (permitsPrivateAddress(this.policy, url.hostname, portOf(url))) return 'exact';
    return listing(this.policy, url.hostname) ?? 'unlisted';
  }
}

/** A `lookup` (option of net.connect and tls.connect) that passes on only addresses which `permits` allows. */
export function guardedLookup(resolve: ResolveAll, permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : [];
      if (error !== null) callback(error, '', 0);
      else if (first === undefined) callback(notFound(), '', 0);
      else if (!addresses.every(({ address }) => permits(address)))
        callback(new BlockedAddressError(), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function notFound(): NodeJS.ErrnoException {
  return Object.assign(new Error('The host has no address'), { code: 'ENOTFOUND' });
}
