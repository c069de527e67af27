/**
 * Lets a few do something at once and the others wait for their turn, in order, but nobody for longer than
 * `longestWaitMs`: for work that nobody waits for, so that much of it at once does not stand before everybody else's.
 */
export class Turns {
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly atOnce: number,
    private readonly longestWaitMs: number,
  ) {}

  /** @returns what the work returns; what it throws is thrown */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.atOnce) await this.#wait();
    this.#taken += 1;
    try {
      return await work();
    } finally {
      this.#taken -= 1;
      this.#callNext();
    }
  }

  #callNext(): void {
    if (this.#taken >= this.atOnce) return;
    const [next] = this.#waiting;
    next?.();
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, this.longestWaitMs);
      this.#waiting.add(go);
    });
  }
}
