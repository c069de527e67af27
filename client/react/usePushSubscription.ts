import { useCallback, useState, useSyncExternalStore } from 'react';
import { FanfareError, type FanfareState, type SubscribeOptions } from '../sdk/fanfare';
import { useFanfare } from './FanfareProvider';

/** What a component needs for a notifications switch. `error` is that of the last act, gone with the next one. */
export interface PushSubscriptionControls {
  state: FanfareState;
  isPending: boolean;
  error: FanfareError | undefined;
  /** For a click handler: asks the person if need be. Resolves to whether it worked; why not is in `error`. */
  subscribe(options?: SubscribeOptions): Promise<boolean>;
  unsubscribe(): Promise<boolean>;
}

/** This browser's push subscription, re-rendering when its state changes. */
export function usePushSubscription(): PushSubscriptionControls {
  const fanfare = useFanfare();
  const state = useSyncExternalStore(fanfare.subscribeToState, fanfare.getState);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<FanfareError>();

  const attempt = useCallback(async (act: () => Promise<unknown>): Promise<boolean> => {
    setPending(true);
    setError(undefined);
    try {
      await act();
      return true;
    } catch (cause) {
      setError(asFanfareError(cause));
      return false;
    } finally {
      setPending(false);
    }
  }, []);

  const subscribe = useCallback(
    (options?: SubscribeOptions) => attempt(() => fanfare.subscribe(options)),
    [attempt, fanfare],
  );
  const unsubscribe = useCallback(() => attempt(() => fanfare.unsubscribe()), [attempt, fanfare]);
  return { state, isPending, error, subscribe, unsubscribe };
}

function asFanfareError(cause: unknown): FanfareError {
  if (cause instanceof FanfareError) return cause;
  return new FanfareError('SUBSCRIBE_FAILED', String(cause), { cause });
}
