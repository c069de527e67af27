/**
 * Making a message ready holds the event loop, above all where that encrypts, too. A broadcast may do so much of it in
 * one turn and then lets the rest of the process breathe: leases, answers, and the messages to named people.
 */
export class Pace {
  #left: number;
  #turn: Promise<void> | undefined;

  /** @param perTurn messages in one turn of the event loop, 0.1 ms each when they are encrypted there */
  constructor(private readonly perTurn = 8) {
    this.#left = perTurn;
  }

  /** Undefined: go on. A promise: this turn is used up, wait for it. */
  next(): Promise<void> | undefined {
    this.#left -= 1;
    if (this.#left >= 0) {
      this.#newTurn();
      return undefined;
    }
    return this.#newTurn().then(() => this.next());
  }

  #newTurn(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#left = this.perTurn;
        this.#turn = undefined;
        resolve();
      });
    });
    return this.#turn;
  }
}
