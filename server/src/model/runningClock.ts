import { standstillMs } from './deadline';

/**
 * Milliseconds in which this process ran, for time-outs. It follows the monotonic clock, and leaves out the time in which the
 * process stood still: answers came in the meantime that it has not read yet. It has to be read several times a second.
 */
export class RunningClock {
  #readAt = performance.now();
  #now = 0;

  now(): number {
    const at = performance.now();
    const passedMs = at - this.#readAt;
    this.#readAt = at;
    if (passedMs <= standstillMs) this.#now += passedMs;
    return this.#now;
  }
}
