import { performance } from 'node:perf_hooks';

const windowMs = 100;
const fullShare = 0.9;

/** Knows whether this process has hardly any time left: how busy its event loop was in the latest tenth of a second. */
export class EventLoopLoad {
  #since = performance.eventLoopUtilization();
  #readAt = Number.NEGATIVE_INFINITY;
  #full = false;

  isFull(): boolean {
    const now = performance.now();
    if (now - this.#readAt < windowMs) return this.#full;
    const latest = performance.eventLoopUtilization();
    this.#full = performance.eventLoopUtilization(latest, this.#since).utilization > fullShare;
    this.#since = latest;
    this.#readAt = now;
    return this.#full;
  }
}
