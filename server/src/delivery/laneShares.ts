import type { Lane } from '../model/lane';

/** Of the dispatches a worker holds in a lane, so many may be for one push service. */
const share = 0.75;
/** A push service that answers frees a place within this time, and its next dispatch is not worth giving back. */
const patienceMs = 100;
const leastComeBackMs = 500;
const mostComeBackMs = 10_000;

interface Places {
  held: number;
  /** Since when no place has become free, in milliseconds since 1970; undefined while they do. */
  stuckSince: number | undefined;
  readonly waiting: ((admitted: boolean) => void)[];
}

/**
 * Who may hold the dispatches that a worker takes from a lane. A push service that does not answer keeps what it has
 * until its POSTs time out; the places that it can never have stay free for the dispatches of all others.
 */
export class LaneShares {
  readonly #places = new Map<string, Places>();

  /** @param prefetch dispatches that the worker holds at a time, by lane */
  constructor(
    private readonly prefetch: Readonly<Record<Lane, number>>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Takes a place, which `leave` gives back.
   * @returns false when the push service has its share: the dispatch is to come back in `comeBackMs`
   */
  enter(lane: Lane, pushService: string): Promise<boolean> | boolean {
    const places = this.#of(lane, pushService);
    if (places.held < Math.max(1, Math.floor(this.prefetch[lane] * share))) {
      places.held += 1;
      return true;
    }
    if (places.stuckSince !== undefined) return false;
    return this.#wait(places);
  }

  leave(lane: Lane, pushService: string): void {
    const places = this.#of(lane, pushService);
    places.stuckSince = undefined;
    const next = places.waiting.shift();
    if (next) next(true);
    else places.held -= 1;
  }

  /** The longer nothing moves, the later: dispatches that only come and go are work, too. */
  comeBackMs(lane: Lane, pushService: string): number {
    const { stuckSince } = this.#of(lane, pushService);
    const stuckMs = stuckSince === undefined ? 0 : this.now() - stuckSince;
    return Math.min(mostComeBackMs, Math.max(leastComeBackMs, stuckMs));
  }

  #wait(places: Places): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        places.waiting.splice(places.waiting.indexOf(settle), 1);
        places.stuckSince ??= this.now();
        resolve(false);
      }, patienceMs);
      const settle = (admitted: boolean) => {
        clearTimeout(timer);
        resolve(admitted);
      };
      places.waiting.push(settle);
    });
  }

  #of(lane: Lane, pushService: string): Places {
    const name = `${lane} ${pushService}`;
    const known = this.#places.get(name);
    if (known) return known;
    const places: Places = { held: 0, stuckSince: undefined, waiting: [] };
    this.#places.set(name, places);
    return places;
  }
}
