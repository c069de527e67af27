import type { LookupAddress, LookupOptions } from 'node:dns';

/** Resolves a name to all of its addresses, like dns.lookup with `all: true`. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
