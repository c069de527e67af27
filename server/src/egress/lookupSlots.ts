import { getDomain } from 'tldts';
import { type Deadline, startDeadline } from '../model/deadline';

interface Waiter {
  readonly domain: string;
  readonly resolve: (isGranted: boolean) => void;
  readonly deadline: Deadline;
}

interface LookupLimits {
  /** Look-ups at a time. */
  readonly total: number;
  /** Those of names below one registrable domain. */
  readonly perDomain: number;
  /** Look-ups that may wait for a slot. */
  readonly waiting: number;
  readonly waitMs: number;
}

/** Bounds the look-ups that are under way, in total and for each registrable domain, so that one cannot take all of them. */
export class LookupSlots {
  private readonly busy = new Map<string, number>();
  private readonly waiters = new Set<Waiter>();
  private total = 0;

  constructor(private readonly limits: LookupLimits) {}

  /**
   * Gives `work` a slot, waiting for one if need be.
   * @returns undefined when none became free in time
   */
  async run<T>(hostname: string, work: () => Promise<T>): Promise<T | undefined> {
    const domain = getDomain(hostname) ?? hostname;
    if (!(this.take(domain) || (await this.wait(domain)))) return undefined;
    try {
      return await work();
    } finally {
      this.release(domain);
    }
  }

  private take(domain: string): boolean {
    const busy = this.busy.get(domain) ?? 0;
    if (this.total >= this.limits.total || busy >= this.limits.perDomain) return false;
    this.total += 1;
    this.busy.set(domain, busy + 1);
    return true;
  }

  private wait(domain: string): Promise<boolean> {
    if (this.waiters.size >= this.limits.waiting) return Promise.resolve(false);
    return new Promise((resolve) => {
      const deadline = startDeadline(this.limits.waitMs, () => {
        this.waiters.delete(waiter);
        resolve(false);
      });
      const waiter: Waiter = { domain, resolve, deadline };
      this.waiters.add(waiter);
    });
  }

  private release(domain: string): void {
    this.total -= 1;
    const busy = (this.busy.get(domain) ?? 1) - 1;
    if (busy === 0) this.busy.delete(domain);
    else this.busy.set(domain, busy);
    for (const waiter of this.waiters) {
      if (!this.take(waiter.domain)) continue;
      this.waiters.delete(waiter);
      waiter.deadline.cancel();
      waiter.resolve(true);
      return;
    }
  }
}
