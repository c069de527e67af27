/** Lets sockets and timers have their turn: with SQLite, statements in a row keep this thread to themselves. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
