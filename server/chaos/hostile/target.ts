const openingsPerSecond = 500;

/** The API that an attack is made on, for as long as it lasts, and what came of it. */
export class Target {
  readonly counts: Record<string, number> = {};
  readonly host: string;
  readonly port: number;
  readonly #endsAt: number;
  #addresses = 0;
  #nextOpeningAt = 0;

  /** @param durationMs after that the attack must let go of everything */
  constructor(
    readonly url: string,
    durationMs: number,
  ) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port);
    this.#endsAt = performance.now() + durationMs;
  }

  get lasts(): boolean {
    return performance.now() < this.#endsAt;
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Another network of one provider's each time, as the proxy in front would report it: X-Forwarded-For. */
  nextAddress(): string {
    this.#addresses += 1;
    return `2001:470:${(this.#addresses >> 16).toString(16)}:${(this.#addresses & 0xffff).toString(16)}::1`;
  }

  /** Repeats the step in so many workers side by side until the attack ends. */
  async repeat(workers: number, step: () => Promise<void>): Promise<void> {
    const work = async () => {
      while (this.lasts) await step();
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Resolves when the next connection may be made: they come 500 a second, so that holding them is the attack. */
  async opening(): Promise<void> {
    const now = performance.now();
    this.#nextOpeningAt = Math.max(now, this.#nextOpeningAt) + 1_000 / openingsPerSecond;
    await this.pause(Math.min(this.#nextOpeningAt, this.#endsAt) - now);
  }

  async pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
