interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
}

/** Lets callers wait until a counter has reached a number. */
export interface MessageWait {
  /** Resolves once the counter is at least `count`; rejects when that has not happened within `timeoutMs`. */
  until(count: number, timeoutMs: number): Promise<void>;
  /** To be called whenever the counter has grown. */
  check(): void;
}

/** `current` gives the counter's value. */
export function messageWait(current: () => number): MessageWait {
  let waiters: Waiter[] = [];
  const check = (): void => {
    const ready = waiters.filter((waiter) => waiter.count <= current());
    if (ready.length === 0) return;
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  };
  const until = (count: number, timeoutMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiters = waiters.filter((waiter) => waiter !== own);
        reject(new Error(`Only ${current()} of ${count} messages arrived within ${timeoutMs} ms`));
      };
      const timer = setTimeout(giveUp, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const own: Waiter = { count, resolve: stop };
      waiters.push(own);
      check();
    });
  return { until, check };
}
