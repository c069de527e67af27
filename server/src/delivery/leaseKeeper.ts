import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import type { Log } from '../observe/log';

/**
 * Renews the leases of the dispatches that this worker holds. When the worker dies, they run out and the relay
 * publishes the dispatches again.
 */
export class LeaseKeeper {
  readonly #held = new Set<number>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    readonly owner: string,
    readonly leaseMs: number,
    private readonly log: Log,
  ) {
    this.#timer = setInterval(() => void this.#renew(), leaseMs / 3);
    this.#timer.unref();
  }

  hold(dispatchId: number): void {
    this.#held.add(dispatchId);
  }

  release(dispatchId: number): void {
    this.#held.delete(dispatchId);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const ids = idList([...this.#held]);
    try {
      await this.database.write((sql) =>
        sql.run(`UPDATE dispatch SET leaseUntil = ? WHERE leaseOwner = ? AND id IN (${ids})`, [
          this.database.now() + this.leaseMs,
          this.owner,
        ]),
      );
    } catch {
      // the lease may run out while the database is away: at worst a delivery is posted twice, never lost
      this.log.warn({ dispatches: this.#held.size }, 'leases could not be renewed');
    }
  }
}
