/**
 * Preparing a message occupies the event loop, most of all where it is encrypted there too. A broadcast prepares
 * `perTurn` messages in one turn of the loop and then yields: to leases, to answers, and to messages for named people.
 */
export class EventLoopYield {
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
