/** A timer that is so late tells that the process stood still: it was stopped, or its machine was moved or slept. */
export const standstillMs = 1_000;

/** Something that ends when its time is up, unless it is cancelled before. */
export interface Deadline {
  cancel(): void;
}

/**
 * Calls `onPassed` once, after `ms` milliseconds. A process that stood still runs its timers before it reads its sockets, so
 * what had arrived by then is read first, and the time in which it stood still does not count: up to `ms` are added.
 */
export function startDeadline(ms: number, onPassed: () => void): Deadline {
  let timer: NodeJS.Timeout;
  let immediate: NodeJS.Immediate | undefined;
  const begin = (remainingMs: number) => {
    const dueAt = performance.now() + remainingMs;
    timer = setTimeout(() => {
      const lateMs = performance.now() - dueAt;
      // the event loop reads sockets between its timers and its immediates
      immediate = setImmediate(() => (lateMs > standstillMs ? begin(Math.min(lateMs, ms)) : onPassed()));
    }, remainingMs);
  };
  begin(ms);
  return {
    cancel: () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
