import { useCallback, useRef, useState } from 'react';
import { FanfareError } from '../sdk/fanfare';

/** Runs acts of the SDK for a component: whether one is under way, and why the last one failed. */
export interface Attempts {
  isPending: boolean;
  /** That of the attempt begun last; gone with the next one. */
  error: FanfareError | undefined;
  /** Resolves to whether it worked. */
  attempt(act: () => Promise<unknown>): Promise<boolean>;
}

/** The attempts of one component. */
export function useAttempt(): Attempts {
  const [pending, setPending] = useState(0);
  const [error, setError] = useState<FanfareError>();
  const begun = useRef(0);
  const attempt = useCallback(async (act: () => Promise<unknown>): Promise<boolean> => {
    begun.current += 1;
    const order = begun.current;
    setPending((count) => count + 1);
    setError(undefined);
    try {
      await act();
      return true;
    } catch (cause) {
      // the wish of a later one counts by now
      if (order === begun.current) setError(asFanfareError(cause));
      return false;
    } finally {
      setPending((count) => count - 1);
    }
  }, []);
  return { isPending: pending > 0, error, attempt };
}

function asFanfareError(cause: unknown): FanfareError {
  if (cause instanceof FanfareError) return cause;
  return new FanfareError('UNEXPECTED', String(cause), { cause });
}
