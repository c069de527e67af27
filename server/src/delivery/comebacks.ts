import type { Lane } from '../model/lane';
import { forgetIdle } from './forgetIdle';

/** Looking whether a push service takes messages again costs some statements each time. */
const everyMs = 10;

/**
 * When dispatches come back that were put off because their push service takes nothing now: one behind the other, so
 * that however many wait for it, they make a little work all the time and never stand before everybody else's at once.
 */
export class Comebacks {
  readonly #last = new Map<string, number>();

  /** The end of the line, but not before `earliest` nor after `latest`; all in milliseconds since 1970. */
  next(lane: Lane, pushService: string, earliest: number, latest: number): number {
    const name = `${lane} ${pushService}`;
    const at = Math.max(earliest, (this.#last.get(name) ?? 0) + everyMs);
    // what is over before its turn takes no place in the line
    if (at >= latest) return latest;
    if (!this.#last.has(name)) forgetIdle(this.#last, (last) => last < Date.now());
    this.#last.set(name, at);
    return at;
  }
}
