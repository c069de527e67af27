import type { Lane } from '../../model/lane';
import type { OutcomeKind } from '../../model/outcome';
import { firstProbeMs, maxProbeMs } from '../probeTimes';

/*
 * How many POSTs may be under way (adaptive), and whether any may be at all (circuit breaker). A worker has a gate for
 * each push service, which learns from its failures, and one for each application there, which learns how much the push
 * service takes from that application (pushServiceGates.ts).
 *
 *   closed     POSTs pass, up to the limit; the limit grows with every answered round and halves on trouble; when this
 *              process has no time left, more POSTs under way would only wait here, before those of people who were
 *              written to by name: then it shrinks, down to where it started; a broadcast leaves them one place in eight
 *   open       nothing passes until `reopensAt`; deliveries go back to the database notAttempted
 *   half-open  one POST passes as a probe; its answer closes or re-opens the gate
 *
 * `Retry-After` may ask for an hour where a minute would do. Such a pause is probed before its end (pauses.ts).
 */

export const startLimit = 32;
export const minLimit = 4;
export const maxLimit = 512;
const windowSize = 40;
const minSamples = 10;
const openShare = 0.5;
/**
 * What an answer weighs against `openShare`. A push service that throttles is well and says how much it takes: the
 * limit follows that, and only one that takes hardly anything (five of six answers) is left alone.
 */
const weights: Partial<Record<OutcomeKind, number>> = { transient: 1, throttled: 0.6 };
const firstOpenMs = 1_000;
const maxOpenMs = 60_000;
const maxPauseMs = 3_600_000;
const halveAtMostEveryMs = 1_000;
/** For so long after an accept the failures of subscriptions that never worked say nothing about the push service. */
const worksForMs = 60_000;
const lookAgainMs = 500;

export type GateState = 'closed' | 'open' | 'half-open';

/** What passing the gate takes: an outcome reported afterwards by `leave`, whatever happened. */
export class PushServiceGate {
  #limit = startLimit;
  #underWay = 0;
  #state: GateState = 'closed';
  #reopensAt = 0;
  #opens = 0;
  /** When the next probe of a long pause is due; undefined while there is no long pause. */
  #probeAt: number | undefined;
  #probes = 0;
  /** Whether a dispatch is on its way here as a probe. */
  #expectsProbe = false;
  #halvedAt = 0;
  #acceptedAt = Number.NEGATIVE_INFINITY;
  #answersSinceGrowth = 0;
  #troubles: number[] = [];
  readonly #waiting: Record<Lane, ((pass: boolean) => void)[]> = { transactional: [], bulk: [] };

  /**
   * @param isFull whether this process has no time left for more POSTs at once
   * @param learnsFrom the kinds of trouble that speak of what this gate is for
   */
  constructor(
    private readonly isFull: () => boolean = () => false,
    private readonly learnsFrom: readonly OutcomeKind[] = ['transient', 'throttled'],
  ) {}

  /**
   * Waits for a place; a message to named people is let in before a broadcast.
   * @param isProbe whether this is what `beginProbe` was called for
   * @returns false when the gate is or becomes open: the delivery must be deferred
   */
  enter(lane: Lane, now: number, isProbe = false): Promise<boolean> | boolean {
    if (this.#state === 'open' && (now >= this.#reopensAt || (isProbe && this.#expectsProbe))) {
      this.#state = 'half-open';
      this.#expectsProbe = false;
    }
    if (this.#state === 'open') return false;
    if (this.#underWay < this.#places(lane)) {
      this.#underWay += 1;
      return true;
    }
    return new Promise((resolve) => this.#waiting[lane].push(resolve));
  }

  /**
   * @param retryAfterMs the push service's own wish, which an opened gate honours
   * @param everAccepted whether a message was ever accepted for this subscription: anybody can register any number of
   *   endpoints that fail, so those count only where the push service accepts nothing at all
   */
  leave(kind: OutcomeKind | 'aborted', now: number, retryAfterMs?: number, everAccepted = true): void {
    this.#underWay -= 1;
    if (kind === 'accepted') this.#acceptedAt = now;
    const isEvidence = everAccepted || kind === 'accepted' || this.#hearsStrangers(now);
    const trouble = isEvidence ? this.#troubleOf(kind) : undefined;
    if (trouble !== undefined) this.#learn(trouble, now, retryAfterMs);
    this.#admitWaiting();
  }

  /** Whoever worked once can tell how things stand; only where nobody has, what never worked must do. */
  #hearsStrangers(now: number): boolean {
    if (this.#state === 'half-open') return this.#acceptedAt === Number.NEGATIVE_INFINITY;
    return now - this.#acceptedAt > worksForMs;
  }

  /** Whether POSTs pass. */
  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** When deferred deliveries may come back, in milliseconds since 1970. */
  get reopensAt(): number {
    return this.#reopensAt;
  }

  /** When a dispatch for which nothing would pass now may look again; undefined when something would. */
  shutUntil(now: number): number | undefined {
    if (this.#state === 'open' && now < this.#reopensAt) return this.#reopensAt;
    // the answer to the probe may take as long as a POST may take: too long to stand in a worker's lane
    if (this.#state === 'half-open' && this.#underWay > 0) return now + lookAgainMs;
    return undefined;
  }

  /** Whether it is open for so long that probes look whether the push service has recovered. */
  get isPaused(): boolean {
    return this.#probeAt !== undefined;
  }

  /** Whether a delivery that waits for the end of a long pause should be tried now. */
  wantsProbe(now: number): boolean {
    return this.#probeAt !== undefined && now >= this.#probeAt && this.#underWay === 0;
  }

  /** Lets a dispatch pass as a probe of a long pause, and nothing else. */
  beginProbe(now: number): void {
    this.#expectsProbe = true;
    this.#probes += 1;
    this.#probeAt = now + this.#probeDistanceMs();
  }

  /** Ends a pause: POSTs pass again, few at a time at first. */
  resume(): void {
    if (this.#state === 'closed') return;
    this.#close();
    this.#admitWaiting();
  }

  /** Continues a pause that began before this process did: what waits for its end is probed at once. */
  continuePause(until: number, now: number): void {
    if (this.#state !== 'closed') return;
    this.#state = 'open';
    this.#reopensAt = Math.min(until, now + maxPauseMs);
    this.#probeAt = now;
    this.#limit = minLimit;
  }

  /** Nobody is at the gate, and it keeps nobody away. */
  isIdle(now: number): boolean {
    const { transactional, bulk } = this.#waiting;
    if (this.#underWay + transactional.length + bulk.length > 0) return false;
    return this.isClosed || now >= this.#reopensAt;
  }

  snapshot(): { state: GateState; limit: number; underWay: number; waiting: number; reopensAt: number } {
    return {
      state: this.#state,
      limit: this.#limit,
      underWay: this.#underWay,
      waiting: this.#waiting.transactional.length + this.#waiting.bulk.length,
      reopensAt: this.#reopensAt,
    };
  }

  /** The clock was set: a pause lasts as long as it would have. */
  moveWithClock(byMs: number): void {
    this.#reopensAt += byMs;
    if (this.#probeAt !== undefined) this.#probeAt += byMs;
    this.#halvedAt += byMs;
    this.#acceptedAt += byMs;
  }

  /** Ends all waits. */
  turnAway(): void {
    for (const lane of [this.#waiting.transactional, this.#waiting.bulk]) {
      for (const resolve of lane.splice(0)) resolve(false);
    }
  }

  /** One in eight is kept for named people: a broadcast's POSTs hold their places also while they are encrypted. */
  #places(lane: Lane): number {
    if (this.#state === 'half-open') return 1;
    return lane === 'transactional' ? this.#limit : this.#limit - Math.max(1, this.#limit >> 3);
  }

  /** @returns undefined when the outcome says nothing about what this gate is for */
  #troubleOf(kind: OutcomeKind | 'aborted'): number | undefined {
    if (kind === 'aborted') return undefined;
    const weight = weights[kind];
    if (weight === undefined) return 0;
    if (this.learnsFrom.includes(kind)) return weight;
    // a push service that throttles is there
    return kind === 'throttled' && this.#state === 'half-open' ? 0 : undefined;
  }

  #learn(trouble: number, now: number, retryAfterMs: number | undefined): void {
    if (this.#state === 'open') return;
    if (this.#state === 'half-open') {
      if (trouble > 0) this.#open(now, retryAfterMs);
      else this.#close();
      return;
    }
    this.#troubles.push(trouble);
    if (this.#troubles.length > windowSize) this.#troubles.shift();
    if (trouble > 0) this.#shrink(now);
    else this.#adapt();
    const troubles = this.#troubles.reduce((sum, each) => sum + each, 0);
    if (this.#troubles.length >= minSamples && troubles / this.#troubles.length > openShare) {
      this.#open(now, retryAfterMs);
    }
  }

  /** Once a round, that is when as many answers have come as may be under way. */
  #adapt(): void {
    this.#answersSinceGrowth += 1;
    if (this.#answersSinceGrowth < this.#limit) return;
    this.#answersSinceGrowth = 0;
    if (!this.isFull()) this.#limit = Math.min(maxLimit, this.#limit + Math.max(1, this.#limit >> 3));
    else if (this.#limit > startLimit) this.#limit = Math.max(startLimit, this.#limit - (this.#limit >> 3));
  }

  /** At most once a second: answers of one burst tell one thing. */
  #shrink(now: number): void {
    if (now - this.#halvedAt < halveAtMostEveryMs) return;
    this.#halvedAt = now;
    this.#limit = Math.max(minLimit, Math.floor(this.#limit / 2));
  }

  #open(now: number, retryAfterMs: number | undefined): void {
    const backoff = Math.min(maxOpenMs, firstOpenMs * 2 ** this.#opens);
    this.#opens += 1;
    this.#state = 'open';
    const pauseMs = Math.min(maxPauseMs, Math.max(retryAfterMs ?? 0, backoff));
    this.#reopensAt = now + pauseMs;
    this.#probeAt = pauseMs > firstProbeMs ? now + this.#probeDistanceMs() : undefined;
    this.#limit = minLimit;
    this.turnAway();
  }

  #close(): void {
    this.#state = 'closed';
    this.#opens = 0;
    this.#probes = 0;
    this.#probeAt = undefined;
    this.#troubles = [];
  }

  #probeDistanceMs(): number {
    return Math.min(maxProbeMs, firstProbeMs * 2 ** this.#probes);
  }

  #admitWaiting(): void {
    for (const lane of ['transactional', 'bulk'] as const) {
      while (this.#underWay < this.#places(lane)) {
        const next = this.#waiting[lane].shift();
        if (!next) break;
        this.#underWay += 1;
        next(true);
      }
    }
  }
}
