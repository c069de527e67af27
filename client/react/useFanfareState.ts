import { useSyncExternalStore } from 'react';
import type { Fanfare, FanfareState } from '../sdk/fanfare';

/** The state of an SDK object, re-rendering when it changes; `prompt` in what a server rendered, until hydrated. */
export function useFanfareState(fanfare: Fanfare): FanfareState {
  return useSyncExternalStore(fanfare.subscribeToState, fanfare.getState, onServer);
}

function onServer(): FanfareState {
  // true of most people who come for the first time, and the one state without advice that may be wrong
  return 'prompt';
}
