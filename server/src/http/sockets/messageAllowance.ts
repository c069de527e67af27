/** Messages and control frames that a client may send at once (100 watches begin and end), and how many more each second. */
const burst = 250;
const perSecond = 20;

/** A token bucket for what one socket sends. Durations by monotonic time. */
export class MessageAllowance {
  #left = burst;
  #at = performance.now();

  /** @returns false when the socket has sent more than it may */
  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    this.#left -= 1;
    return this.#left >= 0;
  }
}
