/** Settles as the promise does, or rejects with `tooLate()` after so many ms: what never ends would hold up all others. */
export async function within<Result>(
  timeoutMs: number,
  promise: Promise<Result>,
  tooLate: () => Error,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), timeoutMs);
  });
  return await Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}
