import { type Deadline, startDeadline } from './deadline';

/** What was waited for took too long. It may still end. */
export class DeadlineExceeded extends Error {}

/**
 * Settles as `work` does, or rejects after `timeoutMs` milliseconds; the work itself goes on.
 * @throws DeadlineExceeded
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let deadline: Deadline | undefined;
  const late = new Promise<never>((_, reject) => {
    const exceeded = new DeadlineExceeded(`${what} took more than ${timeoutMs} ms`);
    deadline = startDeadline(timeoutMs, () => reject(exceeded));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    deadline?.cancel();
  }
}
