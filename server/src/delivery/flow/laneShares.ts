import { startDeadline } from '../../model/deadline';
import type { Lane } from '../../model/lane';
import { forgetIdle } from './forgetIdle';

/** Of the dispatches a worker holds in a lane, so many may be for one push service. */
const share = 0.75;
/**
 * One whose places come free more slowly than this keeps nobody waiting: who waits stands in the way of all others.
 * Where hardly anything else is to be done, a place of single deliveries comes free every few milliseconds, one of a
 * broadcast's five hundred every few hundred.
 */
const slowMsPerPlace: Readonly<Record<Lane, number>> = { transactional: 20, bulk: 2_500 };
/**
 * A push service that answers frees a place within this time, and its next dispatch is not worth giving back: that
 * takes three transactions, and the other places of the lane would do nothing else beside a large broadcast.
 */
const waitMs: Readonly<Record<Lane, number>> = { transactional: 100, bulk: 1_000 };
const newestShare = 1 / 8;
const leastComeBackMs = 500;
const mostComeBackMs = 10_000;

type Entry = true | 'busy' | 'stuck';

interface Places {
  held: number;
  /** Since when no place has become free, by `now`; undefined while they do. */
  stuckSince: number | undefined;
  /** How long a dispatch keeps its place, of late. */
  meanHeldMs: number;
  readonly waiting: ((entry: Entry) => void)[];
}

/**
 * Who may hold the dispatches that a worker takes from a lane. A push service that does not answer keeps what it has
 * until its POSTs time out; the places that it can never have stay free for the dispatches of all others.
 */
export class LaneShares {
  readonly #places = new Map<string, Places>();

  /**
   * @param prefetch dispatches that the worker holds at a time, by lane
   * @param now milliseconds; it is never set
   */
  constructor(
    private readonly prefetch: Readonly<Record<Lane, number>>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Takes a place, which `leave` gives back: true. Otherwise the dispatch is to come back in `comeBackMs`, because the
   * push service is `busy` with its share, or is `stuck` with it.
   */
  enter(lane: Lane, pushService: string): Promise<Entry> | Entry {
    const places = this.#of(lane, pushService);
    if (this.free(lane, pushService) > 0) {
      places.held += 1;
      return true;
    }
    const isSlow = places.meanHeldMs / this.#limitOf(lane) > slowMsPerPlace[lane];
    if (places.stuckSince !== undefined || isSlow) return 'stuck';
    return this.#wait(places, waitMs[lane]);
  }

  /** How many more places a push service may have now. */
  free(lane: Lane, pushService: string): number {
    return this.#limitOf(lane) - this.#of(lane, pushService).held;
  }

  /** @param heldMs how long it had the place */
  leave(lane: Lane, pushService: string, heldMs: number): void {
    const places = this.#of(lane, pushService);
    places.stuckSince = undefined;
    places.meanHeldMs += (heldMs - places.meanHeldMs) * newestShare;
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

  #limitOf(lane: Lane): number {
    return Math.max(1, Math.floor(this.prefetch[lane] * share));
  }

  #wait(places: Places, longestMs: number): Promise<Entry> {
    return new Promise((resolve) => {
      const deadline = startDeadline(longestMs, () => {
        places.waiting.splice(places.waiting.indexOf(settle), 1);
        places.stuckSince ??= this.now();
        resolve('busy');
      });
      const settle = (entry: Entry) => {
        deadline.cancel();
        resolve(entry);
      };
      places.waiting.push(settle);
    });
  }

  #of(lane: Lane, pushService: string): Places {
    const name = `${lane} ${pushService}`;
    const known = this.#places.get(name);
    if (known) return known;
    forgetIdle(this.#places, ({ held, waiting }) => held === 0 && waiting.length === 0);
    const places: Places = { held: 0, stuckSince: undefined, meanHeldMs: 0, waiting: [] };
    this.#places.set(name, places);
    return places;
  }
}
