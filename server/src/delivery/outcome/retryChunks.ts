interface Timed {
  readonly next: { readonly dueAt: number };
}

/** A dispatch costs some ten statements, so fewer deliveries than these are not worth one of their own... */
const worthwhile = 50;
/** ...unless they would have to wait this much longer for their neighbours. */
const longestExtraWaitMs = 30_000;
const shortestWaitMs = 1_000;

/**
 * Puts deliveries that are to be tried at different times into as few later dispatches as is fair. Each waits for the
 * last of its chunk, and none is tried before its own time. What comes back at the same time stays together, so that
 * an outage does not grind dispatches down to single deliveries.
 */
export function retryChunks<Each extends Timed>(moves: readonly Each[], now: number): Each[][] {
  const byTime = [...moves].sort((a, b) => a.next.dueAt - b.next.dueAt);
  const chunks: Each[][] = [];
  let current: Each[] = [];
  for (const move of byTime) {
    const [first] = current;
    if (first && isTooLate(move, first, current.length, now)) current = [];
    if (current.length === 0) chunks.push(current);
    current.push(move);
  }
  return chunks;
}

/** Whether the chunk that begins with `first` should not wait for this one: twice its own wait is long enough. */
function isTooLate(move: Timed, first: Timed, size: number, now: number): boolean {
  const ownWaitMs = Math.max(0, first.next.dueAt - now);
  const extraWaitMs = move.next.dueAt - first.next.dueAt;
  if (extraWaitMs <= ownWaitMs + shortestWaitMs) return false;
  return size >= worthwhile || extraWaitMs > longestExtraWaitMs;
}
