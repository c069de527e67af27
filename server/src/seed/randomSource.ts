/** Chance that comes out the same for the same seed (mulberry32). */
export class RandomSource {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 up to, not including, 1. */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1));
  }

  happens(probability: number): boolean {
    return this.share() < probability;
  }

  /** One of these, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    const all = choices.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.share() * all;
    for (const [choice, weight] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    const last = choices.at(-1);
    if (!last) throw new RangeError('There is nothing to choose from.');
    return last[0];
  }
}
