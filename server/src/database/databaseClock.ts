/** The database's clock was set, or the database now runs on another machine. */
export interface ClockStep {
  /** Milliseconds that the database's clock has moved forward, less than 0 for backward. */
  readonly byMs: number;
}

/** A smaller difference is drift, which is followed without notice. */
const stepMs = 2_000;
const synchroniseEveryMs = 60_000;
/** An answer that took longer says too little about the moment it was given at. */
const mostRoundTripMs = 1_000;

/**
 * The time that all processes of one database share, for due times, leases and time-outs that processes share. It follows
 * the database's clock, and between two readings this process's monotonic one, so that a clock that is set or
 * wrong on this machine does no harm.
 */
export class DatabaseClock {
  /** The database's time less `performance.now()`. */
  #offsetMs: number;
  #latest = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<(step: ClockStep) => void>();

  /** @param read asks for the database's time, in milliseconds since 1970 */
  constructor(private readonly read: () => Promise<number> | number) {
    this.#offsetMs = Date.now() - performance.now();
  }

  /** Milliseconds since 1970. Goes backward only when the database's clock was set back by more than 2 s. */
  now(): number {
    this.#latest = Math.max(this.#latest, Math.round(performance.now() + this.#offsetMs));
    return this.#latest;
  }

  /** How far this machine's clock is ahead of the database's, in milliseconds. */
  get differenceMs(): number {
    return Math.round(Date.now() - performance.now() - this.#offsetMs);
  }

  /**
   * @param listener told after the clock has moved by more than 2 s at once
   * @returns a function that unsubscribes it
   */
  onStep(listener: (step: ClockStep) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the database's clock now, and again every minute until `stop`. */
  async start(): Promise<void> {
    // the first answer may include opening a connection
    await this.read();
    await this.synchronise(true);
    // while the database is away the monotonic clock goes on alone
    const again = () => void this.synchronise().catch(() => undefined);
    this.#timer = setInterval(again, synchroniseEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads the database's clock. The first reading is taken as it is; a failed one changes nothing. */
  async synchronise(isFirst = false): Promise<void> {
    const askedAt = performance.now();
    const time = await this.read();
    const answeredAt = performance.now();
    if (answeredAt - askedAt > mostRoundTripMs && !isFirst) return;
    const offsetMs = time - (askedAt + answeredAt) / 2;
    const byMs = Math.round(offsetMs - this.#offsetMs);
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) <= stepMs) return;
    this.#latest = 0;
    if (isFirst) return;
    for (const listener of this.#listeners) listener({ byMs });
  }
}
