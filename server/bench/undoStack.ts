type Step = () => Promise<unknown>;

/**
 * What a run has made and must take back, last first, whichever way it ends. Once taken back, whatever is still added
 * is taken back at once, so that an interrupted run leaves nothing behind either.
 */
export class UndoStack {
  readonly #steps: Step[] = [];
  #running: Promise<void> | undefined;
  #done = false;

  async add(step: Step): Promise<void> {
    if (this.#done) await step();
    else this.#steps.push(step);
  }

  /** Takes everything back, also when a step fails; rejects with the first failure. */
  run(): Promise<void> {
    this.#running ??= this.#takeBack();
    return this.#running;
  }

  async #takeBack(): Promise<void> {
    const faults: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      await step().catch((fault: unknown) => faults.push(fault));
    }
    this.#done = true;
    if (faults.length > 0) throw faults[0];
  }
}
