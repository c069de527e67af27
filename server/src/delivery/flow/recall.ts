import { isUnavailable } from '../../database/faults';
import type { Database } from '../../database/openDatabase';
import type { Lane } from '../../model/lane';
import type { Log } from '../../observe/log';
import type { DispatchMessage } from '../../queue/dispatchQueue';
import { hastenDispatches } from '../claimDispatch';
import type { Comebacks } from './comebacks';
import type { LaneShares } from './laneShares';
import type { PushServiceGates } from './pushServiceGates';

export interface RecallDeps {
  readonly database: Database;
  readonly comebacks: Comebacks;
  readonly gates: PushServiceGates;
  readonly shares: LaneShares;
  /** Hands dispatches whose rows say that they are published to the queue. */
  readonly publish: (lane: Lane, messages: readonly DispatchMessage[]) => Promise<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /** True once the worker shuts down. */
  readonly stopping: () => boolean;
}

/**
 * Four each 20 ms are 200 a second: of what a worker and its database can do, that leaves most for those who were
 * written to just now.
 */
const everyMs = 20;
const mostAtOnce = 4;

/**
 * What was put off need not wait for its time once its push service takes messages again: those who wait are called,
 * a few at a time, as far as there are places for them.
 */
export class Recall {
  readonly #running = new Map<string, Promise<void>>();

  constructor(private readonly parts: RecallDeps) {}

  /**
   * Calls those who wait in a line, unless that is done already, or its gate lets nothing pass.
   * @param flowName whose places in the lane they need
   */
  begin(lane: Lane, line: string, flowName = line): void {
    const name = `${lane} ${line}`;
    if (this.#running.has(name) || !this.#goesOn(lane, line)) return;
    const running = this.#run(lane, line, flowName).finally(() => this.#running.delete(name));
    this.#running.set(name, running);
  }

  /** Resolves when nobody is called any more, soon after `stopping`. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #goesOn(lane: Lane, line: string): boolean {
    const { gates, comebacks, stopping } = this.parts;
    return !stopping() && gates.isClosed(line) && comebacks.areWaiting(lane, line);
  }

  async #run(lane: Lane, line: string, flowName: string): Promise<void> {
    // it has only just come back, and may be well or not
    for (let most = 1; this.#goesOn(lane, line); most = Math.min(mostAtOnce, most + 1)) {
      const free = this.parts.shares.free(lane, flowName);
      await this.#call(lane, line, Math.min(most, free));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  async #call(lane: Lane, line: string, most: number): Promise<void> {
    const { database, comebacks, publish, log, now } = this.parts;
    const called = comebacks.call(lane, line, most, now());
    if (called.length === 0) return;
    try {
      const ids = called.map(({ dispatchId }) => dispatchId);
      await hastenDispatches(database, ids, now(), 'published');
      await publish(lane, called);
    } catch (error) {
      // they come at their time
      if (!isUnavailable(error)) throw error;
      log.warn({ dispatches: called.length }, 'calling dispatches failed: the database is away');
    }
  }
}
