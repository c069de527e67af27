import type { Database } from '../database/openDatabase';
import { idList } from '../database/sql';
import type { Log } from '../observe/log';

/** When a lease was taken or renewed last, before the database was asked. */
interface LeaseTime {
  readonly monotonicMs: number;
  /** A machine that slept or was moved may not have counted that by its monotonic clock. */
  readonly wallMs: number;
}

/**
 * The leases of the dispatches that this worker holds, which it renews. When the worker dies, they run out and the relay
 * publishes the dispatches again. When it stood still, they may have run out, too, and another worker may have the dispatches:
 * then nothing of them is posted here until they are renewed.
 */
export class LeaseKeeper {
  readonly #held = new Map<number, LeaseTime>();
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

  /** The time to give to `hold`, read before the database is asked for the lease. */
  get time(): LeaseTime {
    return { monotonicMs: performance.now(), wallMs: Date.now() };
  }

  hold(dispatchId: number, since: LeaseTime): void {
    this.#held.set(dispatchId, since);
  }

  release(dispatchId: number): void {
    this.#held.delete(dispatchId);
  }

  /** Whether this worker is at it, even though its lease may have run out. */
  isHeld(dispatchId: number): boolean {
    return this.#held.has(dispatchId);
  }

  /** Whether nobody else can have it. */
  isValid(dispatchId: number): boolean {
    const since = this.#held.get(dispatchId);
    if (!since) return false;
    const { monotonicMs, wallMs } = this.time;
    return monotonicMs - since.monotonicMs < this.leaseMs && wallMs - since.wallMs < this.leaseMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const ids = [...this.#held.keys()];
    const since = this.time;
    try {
      for (const id of await this.#renewed(ids)) if (this.#held.has(id)) this.#held.set(id, since);
    } catch {
      // nothing is lost while the database is away: what was posted is written down when it is back
      this.log.warn({ dispatches: ids.length }, 'leases could not be renewed');
    }
  }

  /** @returns those that were still this worker's */
  async #renewed(ids: readonly number[]): Promise<readonly number[]> {
    const { affected } = await this.database.write((sql) =>
      sql.run(`UPDATE dispatch SET leaseUntil = ? WHERE leaseOwner = ? AND id IN (${idList(ids)})`, [
        this.database.now() + this.leaseMs,
        this.owner,
      ]),
    );
    if (affected === ids.length) return ids;
    const rows = await this.database.sql.rows<{ id: number }>(
      `SELECT id FROM dispatch WHERE leaseOwner = ? AND leaseUntil > ? AND id IN (${idList(ids)})`,
      [this.owner, this.database.now()],
    );
    return rows.map(({ id }) => id);
  }
}
