/** One answer that took so long, and workers may have been unable to renew their leases. */
const stallMs = 3_000;
/** What holders of leases get to renew them, or to write down their outcomes. */
const graceMs = 10_000;
/** However slow the database goes on to be: while it answers at all, who lives has renewed by then. */
const mostGraceMs = 60_000;
/** Until every process has read the database's clock again and has renewed its leases by it. */
const stepGraceMs = 75_000;
/** Longer than any statement takes: then the database was away, and nobody has renewed anything. */
const outageMs = 30_000;

/**
 * Whether leases that ran out may be taken from their holders. Not right after the database was away or slow, because
 * workers could not renew them either; but under lasting slowness they are, because some holders are dead.
 */
export class LeaseGrace {
  #releaseFrom = Number.NEGATIVE_INFINITY;
  /** What the database answers, and when, must not shorten this. */
  #stepUntil = Number.NEGATIVE_INFINITY;
  /** What was asked first of all that has failed since the last answer. */
  #unansweredSince: number | undefined;
  #lastTroubleAt = Number.NEGATIVE_INFINITY;
  /** Since when the database has answered, however badly. */
  #answersSince = Number.NEGATIVE_INFINITY;

  /** @param now a clock that is never set, in milliseconds */
  constructor(private readonly now: () => number) {}

  get isOver(): boolean {
    const now = this.now();
    return (
      now >= Math.max(this.#releaseFrom, this.#stepUntil) && now - (this.#unansweredSince ?? now) <= outageMs
    );
  }

  /** The database's clock was set: leases were written by another time. */
  clockStepped(): void {
    this.#stepUntil = this.now() + stepGraceMs;
  }

  /** This process, and perhaps every other, stood still: leases ran out that nobody could renew. */
  stoodStill(): void {
    this.#releaseFrom = Math.max(this.#releaseFrom, this.now() + graceMs);
  }

  answered(askedAt: number): void {
    const since = this.#unansweredSince ?? askedAt;
    this.#unansweredSince = undefined;
    if (this.now() - since > stallMs) this.#give(since);
  }

  failed(askedAt: number): void {
    this.#unansweredSince ??= askedAt;
    this.#give(this.#unansweredSince);
  }

  /** @param since when the trouble began that has ended, or goes on, now */
  #give(since: number): void {
    const now = this.now();
    const isNewTrouble = since - this.#lastTroubleAt > graceMs;
    if (isNewTrouble || now - since > outageMs) this.#answersSince = now;
    this.#lastTroubleAt = now;
    this.#releaseFrom = Math.min(now + graceMs, this.#answersSince + mostGraceMs);
  }
}
