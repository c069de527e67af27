import { uptime } from 'node:os';

/** The database's clock was set, the database now runs on another machine, or this machine was suspended. */
export interface ClockStep {
  /** Milliseconds that the clock has moved forward beyond the time that has passed, less than 0 for backward. */
  readonly byMs: number;
  /** Milliseconds for which this machine was suspended: they have passed, though this process did not notice. */
  readonly asleepMs: number;
}

/** A smaller difference is drift, which is followed without notice. */
const stepMs = 2_000;
const synchroniseEveryMs = 60_000;
/** An answer that took longer says too little about the moment it was given at. */
const mostRoundTripMs = 1_000;
/** For a database that does not answer when this machine's clock has jumped. */
const askAgainMs = 1_000;

/**
 * The time that all processes of one database share, for due times, leases and time-outs that processes share. It follows
 * the database's clock, and between two readings this process's monotonic one, so that a clock that is set or
 * wrong on this machine does no harm. The monotonic clock stands still while the machine is suspended; the machine's
 * time of day then jumps, and the database's clock is read again at once.
 */
export class DatabaseClock {
  /** The database's time less `performance.now()`. */
  #offsetMs: number;
  /** This machine's time of day less `performance.now()` at the last reading. */
  #machineOffsetMs: number;
  /** For how long this machine runs, suspended or not, less `performance.now()` at the last reading. */
  #uptimeOffsetMs: number;
  #latest = 0;
  #askAgainAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<(step: ClockStep) => void>();

  /**
   * @param read asks for the database's time, in milliseconds since 1970
   * @param uptimeMs for how long this machine runs, suspended or not
   */
  constructor(
    private readonly read: () => Promise<number> | number,
    private readonly uptimeMs: () => number = () => uptime() * 1_000,
  ) {
    this.#machineOffsetMs = machineOffsetMs();
    this.#offsetMs = this.#machineOffsetMs;
    this.#uptimeOffsetMs = this.#readUptimeOffsetMs();
  }

  /** Milliseconds since 1970. Goes backward only when the database's clock was set back by more than 2 s. */
  now(): number {
    if (Math.abs(machineOffsetMs() - this.#machineOffsetMs) > stepMs) this.#synchroniseSoon();
    this.#latest = Math.max(this.#latest, Math.round(performance.now() + this.#offsetMs));
    return this.#latest;
  }

  /** How far this machine's clock is ahead of the database's, in milliseconds. */
  get differenceMs(): number {
    return Math.round(machineOffsetMs() - this.#offsetMs);
  }

  /**
   * @param listener told after the clock has moved by more than 2 s at once, or the machine was suspended for longer
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
    this.#askAgainAt = Number.POSITIVE_INFINITY;
  }

  /** Reads the database's clock. The first reading is taken as it is; a failed one changes nothing. */
  async synchronise(isFirst = false): Promise<void> {
    const askedAt = performance.now();
    const time = await this.read();
    const answeredAt = performance.now();
    if (answeredAt - askedAt > mostRoundTripMs && !isFirst) return;
    const asleepMs = this.#takeAsleepMs();
    const offsetMs = time - (askedAt + answeredAt) / 2;
    const movedMs = Math.round(offsetMs - this.#offsetMs - asleepMs);
    const byMs = Math.abs(movedMs) > stepMs ? movedMs : 0;
    this.#offsetMs = offsetMs;
    this.#machineOffsetMs = machineOffsetMs();
    if (byMs === 0 && asleepMs === 0) return;
    this.#latest = 0;
    if (isFirst) return;
    for (const listener of this.#listeners) listener({ byMs, asleepMs });
  }

  /** The machine's clock was set, or the machine was suspended: which of them, the database's clock tells. */
  #synchroniseSoon(): void {
    const now = performance.now();
    if (now < this.#askAgainAt) return;
    this.#askAgainAt = now + askAgainMs;
    void this.synchronise().catch(() => undefined);
  }

  /** @returns for how long the machine was suspended since this was last asked */
  #takeAsleepMs(): number {
    const before = this.#uptimeOffsetMs;
    this.#uptimeOffsetMs = this.#readUptimeOffsetMs();
    const asleepMs = Math.round(this.#uptimeOffsetMs - before);
    return asleepMs > stepMs ? asleepMs : 0;
  }

  #readUptimeOffsetMs(): number {
    return this.uptimeMs() - performance.now();
  }
}

function machineOffsetMs(): number {
  return Date.now() - performance.now();
}
