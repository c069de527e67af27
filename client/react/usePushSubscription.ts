import { useCallback } from 'react';
import type { FanfareError, FanfareState, SubscribeOptions } from '../sdk/fanfare';
import { useFanfare } from './FanfareProvider';
import { useAttempt } from './useAttempt';
import { useFanfareState } from './useFanfareState';

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
  const state = useFanfareState(fanfare);
  const { isPending, error, attempt } = useAttempt();
  const subscribe = useCallback(
    (options?: SubscribeOptions) => attempt(() => fanfare.subscribe(options)),
    [attempt, fanfare],
  );
  const unsubscribe = useCallback(() => attempt(() => fanfare.unsubscribe()), [attempt, fanfare]);
  return { state, isPending, error, subscribe, unsubscribe };
}
