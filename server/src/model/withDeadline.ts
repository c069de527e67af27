/** What was waited for took too long. It may still end. */
export class DeadlineExceeded extends Error {}

/**
 * Settles as `work` does, or rejects after `timeoutMs` milliseconds; the work itself goes on.
 * @throws DeadlineExceeded
 */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const exceeded = new DeadlineExceeded(`${what} took more than ${timeoutMs} ms`);
    timer = setTimeout(() => reject(exceeded), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
