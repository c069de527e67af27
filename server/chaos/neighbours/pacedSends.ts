/** Calls at a steady rate, whether or not earlier ones have been answered: a system that falls behind is not spared. */
export class PacedSends {
  /** When each call was made, by `process.hrtime`. */
  readonly calledAtNs: bigint[] = [];
  failed = 0;
  #stopping = false;
  readonly #running: Promise<void>;

  /** @param call the n-th call, from 0 */
  constructor(
    private readonly perSecond: number,
    private readonly call: (n: number) => Promise<unknown>,
  ) {
    this.#running = this.#run();
  }

  /** Resolves when the last call is answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const calls: Promise<void>[] = [];
    const everyMs = 1000 / this.perSecond;
    let nextAt = performance.now() + everyMs * Math.random();
    for (let n = 0; ; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextAt - performance.now())));
      if (this.#stopping) break;
      calls.push(this.#send(n));
      // not in step with the timers of what is measured
      nextAt += everyMs * (0.5 + Math.random());
    }
    await Promise.all(calls);
  }

  async #send(n: number): Promise<void> {
    this.calledAtNs[n] = process.hrtime.bigint();
    try {
      await this.call(n);
    } catch {
      this.failed += 1;
    }
  }
}
