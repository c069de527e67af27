/** Suspects that may share a run after many runs without a death. */
const mostAtOnce = 64;

interface Timing {
  /** Between two runs, other work goes on for at least this long, and for at least as long as the last run took. */
  readonly leastRestMs: number;
  /** How long a run waits for further suspects, where it may have several. */
  readonly gatherMs: number;
  /** How long other work waits for a run before it is handed back. */
  readonly longestWaitMs: number;
  /** How long suspects may begin POSTs in one run. */
  readonly sendMs: number;
}

const usual: Timing = { leastRestMs: 1_000, gatherMs: 500, longestWaitMs: 5_000, sendMs: 1_000 };

/** Where deliveries wait until they may be posted (pushServiceGates.ts). */
interface Gates {
  /** Ends all waits, and lets nobody pass until `admit`. */
  turnAway(): void;
  admit(): void;
}

interface Run {
  phase: 'gathering' | 'draining' | 'running';
  members: number;
  left: number;
  drainedFrom: number;
  sendTimer: NodeJS.Timeout | undefined;
  readonly begun: Signal;
  readonly ended: Signal;
}

interface Signal {
  readonly given: Promise<void>;
  give(): void;
}

/**
 * Lets a worker send suspects (dispatches whose worker died three times) with nothing else under way, so that another
 * death shows which dispatch is at fault. New dispatches wait, POSTs that are under way are answered first, and deliveries
 * that are not yet posted go back, so that a run begins within the time-out of a POST. Suspects may begin POSTs for a second;
 * what is left of them goes back too, so that a run ends within that time-out again, however many deliveries they have.
 * The first run of a process has one suspect; after each run that it survives the next may have twice as many, because
 * many are innocent.
 */
export class Isolation {
  #underWay = 0;
  #atOnce = 1;
  #run: Run | undefined;
  #restsUntil: number;

  constructor(
    private readonly gates: Gates,
    private readonly now: () => number = () => performance.now(),
    private readonly timing: Timing = usual,
  ) {
    this.#restsUntil = now() + timing.leastRestMs;
  }

  /** Begins ordinary work, which `leave` ends: true. It waits for a run of suspects; false when that takes long. */
  enter(): true | Promise<boolean> {
    const run = this.#run;
    if (!run || run.phase === 'gathering') {
      this.#underWay += 1;
      return true;
    }
    return this.#wait(run);
  }

  leave(): void {
    this.#underWay -= 1;
    this.#beginIfDrained();
  }

  /**
   * Does work of a suspect, which has entered, with no ordinary work under way.
   * @param work is told whether it is the only suspect of its run
   * @returns undefined when it was done, or after how many milliseconds it may be offered again
   */
  async apart(work: (isAlone: boolean) => Promise<void>): Promise<number | undefined> {
    const now = this.now();
    if (!this.#run && now < this.#restsUntil) return this.#restsUntil - now;
    if (this.#run && !this.#hasRoom(this.#run)) return this.timing.leastRestMs;
    const run = this.#join();
    this.leave();
    try {
      await run.begun.given;
      await work(run.members === 1);
    } finally {
      this.#underWay += 1;
      run.left += 1;
      if (run.left === run.members) this.#end(run);
    }
    return undefined;
  }

  #hasRoom(run: Run): boolean {
    return run.phase !== 'running' && run.members < this.#atOnce;
  }

  #join(): Run {
    const run = this.#run ?? this.#open();
    run.members += 1;
    if (run.members === this.#atOnce) this.#drain(run);
    return run;
  }

  #open(): Run {
    const run: Run = {
      ...{ phase: 'gathering', members: 0, left: 0, drainedFrom: this.now(), sendTimer: undefined },
      ...{ begun: createSignal(), ended: createSignal() },
    };
    this.#run = run;
    if (this.#atOnce > 1) setTimeout(() => this.#drain(run), this.timing.gatherMs);
    return run;
  }

  #drain(run: Run): void {
    if (run.phase !== 'gathering') return;
    run.phase = 'draining';
    run.drainedFrom = this.now();
    this.gates.turnAway();
    this.#beginIfDrained();
  }

  #beginIfDrained(): void {
    const run = this.#run;
    if (run?.phase !== 'draining' || this.#underWay > 0) return;
    run.phase = 'running';
    this.gates.admit();
    run.sendTimer = setTimeout(() => this.gates.turnAway(), this.timing.sendMs);
    run.begun.give();
  }

  #end(run: Run): void {
    const now = this.now();
    clearTimeout(run.sendTimer);
    this.gates.admit();
    this.#run = undefined;
    this.#atOnce = Math.min(mostAtOnce, this.#atOnce * 2);
    this.#restsUntil = now + Math.max(this.timing.leastRestMs, now - run.drainedFrom);
    run.ended.give();
  }

  async #wait(run: Run): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.timing.longestWaitMs);
    });
    const isOver = await Promise.race([run.ended.given.then(() => true), late]);
    clearTimeout(timer);
    return isOver && this.enter();
  }
}

function createSignal(): Signal {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
