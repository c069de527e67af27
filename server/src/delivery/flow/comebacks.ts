import type { Lane } from '../../model/lane';
import type { DispatchMessage } from '../../queue/dispatchQueue';
import { forgetIdle } from './forgetIdle';

/** So many of a line are known by their ids and can be called; the others come at their time. */
const mostKnown = 50_000;
/** Looking whether a push service takes messages again costs some statements each time, at the database of everybody. */
const mostEveryMs = 100;
/** Nobody of a shorter line waits longer than this for the worker that knows it, should that have ended meanwhile. */
const lineMs = 600_000;

/** A dispatch that was deferred. */
export interface Waiting {
  readonly id: number;
  readonly notificationId: number;
  readonly lane: Lane;
}

interface Line {
  /** When the last of it comes, in milliseconds since 1970. */
  last: number;
  /** Dispatches that wait in the database and the times at which they come, by id, the first of the line first. */
  readonly known: Map<number, { at: number; readonly notificationId: number }>;
}

/**
 * When dispatches come back that were put off because their push service takes nothing now: one behind the other, so
 * that however many wait for it, they make a little work all the time and never stand before everybody else's at once.
 * What an application may not send because a push service throttles it has a line of its own (pushServiceGates.ts).
 * When it takes messages again, those who wait are called (recall.ts).
 */
export class Comebacks {
  readonly #lines = new Map<string, Line>();

  /**
   * @param now milliseconds since 1970
   * @param leastEveryMs how close they come behind one another, however long the line
   */
  constructor(
    private readonly now: () => number,
    private readonly leastEveryMs = 10,
  ) {}

  /** The clock was set: the line keeps its order and its pauses. */
  moveWithClock(byMs: number): void {
    for (const line of this.#lines.values()) {
      line.last += byMs;
      for (const waiting of line.known.values()) waiting.at += byMs;
    }
  }

  /** The end of the line, but not before `earliest` nor after `latest`; all in milliseconds since 1970. */
  next(lane: Lane, name: string, earliest: number, latest: number): number {
    const line = this.#lineOf(`${lane} ${name}`);
    this.#dropCome(line);
    const at = Math.max(earliest, line.last + this.#everyMs(line));
    // what is over before its turn takes no place in the line
    if (at >= latest) return latest;
    line.last = at;
    return at;
  }

  /** A dispatch waits in the database now, and can be called. */
  waits({ id, notificationId, lane }: Waiting, name: string, at: number): void {
    const { known } = this.#lineOf(`${lane} ${name}`);
    known.delete(id);
    if (known.size < mostKnown) known.set(id, { at, notificationId });
  }

  /** Whether any are known that could be called. */
  areWaiting(lane: Lane, name: string): boolean {
    return this.#lines.has(`${lane} ${name}`);
  }

  /** @returns those at the head of the line who are to come at once, at most so many */
  call(lane: Lane, name: string, most: number, now: number): DispatchMessage[] {
    const lineName = `${lane} ${name}`;
    const line = this.#lines.get(lineName);
    if (!line) return [];
    const called: DispatchMessage[] = [];
    for (const [dispatchId, { at, notificationId }] of line.known) {
      if (at > now && called.length >= most) break;
      line.known.delete(dispatchId);
      if (at > now) called.push({ dispatchId, notificationId });
    }
    // who is put off from now on stands at the head of a new line
    if (line.known.size === 0) this.#lines.delete(lineName);
    return called;
  }

  /** Those whose time has come may be finished, or stand at the end again. */
  #dropCome({ known }: Line): void {
    const now = this.now();
    for (const [id, { at }] of known) {
      if (at > now) return;
      known.delete(id);
    }
  }

  #everyMs({ known }: Line): number {
    return Math.max(this.leastEveryMs, Math.min(mostEveryMs, lineMs / (known.size + 1)));
  }

  #lineOf(name: string): Line {
    const known = this.#lines.get(name);
    if (known) return known;
    const now = this.now();
    forgetIdle(this.#lines, ({ last }) => last < now);
    const line = { last: 0, known: new Map() };
    this.#lines.set(name, line);
    return line;
  }
}
