const lookEveryMs = 250;
/** Read when the program begins: the shell may end while it starts. */
const shell = process.ppid;

/**
 * Resolves when the shell that npm put between itself and this program has ended; never, when npm did not start it.
 * npm hands a SIGTERM to that shell only, which ends without a word to what it runs.
 */
export function shellEnd(): Promise<void> {
  return new Promise((resolve) => {
    if (process.env.npm_lifecycle_event === undefined) return;
    const timer = setInterval(() => {
      if (process.ppid === shell) return;
      clearInterval(timer);
      resolve();
    }, lookEveryMs).unref();
  });
}
