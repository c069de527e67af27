/**
 * A pause that many handlers may wait in and that `end` cuts short for all of them, now and from now on:
 * a message that goes back to its queue waits here first, so that it does not circle at full speed.
 */
export interface Pause {
  wait(): Promise<void>;
  end(): void;
}

/** Makes a pause of `pauseMs` milliseconds. */
export function createPause(pauseMs: number): Pause {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    wait: () =>
      new Promise<void>((resolve) => {
        if (ended) return resolve();
        const release = () => {
          clearTimeout(timer);
          waiting.delete(release);
          resolve();
        };
        const timer = setTimeout(release, pauseMs);
        waiting.add(release);
      }),
    end: () => {
      ended = true;
      for (const release of [...waiting]) release();
    },
  };
}
