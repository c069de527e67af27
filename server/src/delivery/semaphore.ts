/**
 * At most `atOnce` pieces of work at a time; the others wait in order, but none for longer than `longestWaitMs`. For
 * low-priority writes (failures and deferrals), so that many of them at once do not delay everybody else's.
 */
export class Semaphore {
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly atOnce: number,
    private readonly longestWaitMs: number,
  ) {}

  /** @returns what the work returns; what it throws is thrown */
  async run<T>(work: () => Promise<T>): Promise<T> {
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
