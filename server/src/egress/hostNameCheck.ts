import { LRUCache } from 'lru-cache';
import { ConnectGuard } from './guardedLookup';

/** `unknown`: its name servers did not answer in time, which says nothing of the host. */
export type HostNameVerdict = 'public' | 'not-public' | 'unknown';

const verdictMs = 60_000;
const unknownMs = 5_000;
const maxVerdicts = 10_000;

/**
 * Finds out whether the host of a push endpoint exists and is public, before a browser is registered that nothing could ever
 * be sent to. Only names that are not listed in full are looked up.
 */
export class HostNameCheck {
  private readonly verdicts = new LRUCache<string, HostNameVerdict>({ max: maxVerdicts });

  constructor(private readonly guard: ConnectGuard) {}

  /** @param endpoint one that `checkPushEndpoint` allows */
  async verdictOn(endpoint: string): Promise<HostNameVerdict> {
    const { origin, hostname } = new URL(endpoint);
    if (this.guard.listingOf(origin) === 'exact') return 'public';
    const known = this.verdicts.get(hostname);
    if (known !== undefined) return known;
    const verdict = await this.lookUp(origin, hostname);
    this.verdicts.set(hostname, verdict, { ttl: verdict === 'unknown' ? unknownMs : verdictMs });
    return verdict;
  }

  private lookUp(origin: string, hostname: string): Promise<HostNameVerdict> {
    return new Promise((resolve) => {
      this.guard.lookupFor(origin)(hostname, { all: true }, (error) => {
        if (error === null) resolve('public');
        else resolve(error.code === 'ENOTFOUND' || error.code === 'EBLOCKED' ? 'not-public' : 'unknown');
      });
    });
  }
}
