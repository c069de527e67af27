/** One value that can be read and watched, in the shape of React's `useSyncExternalStore`. */
export interface StateObservable<State> {
  get(): State;
  set(state: State): void;
  subscribe(listener: (state: State) => void): () => void;
}

/** A StateObservable that tells its listeners of changes only; one that throws is the page's own affair. */
export function createStateObservable<State>(initial: State): StateObservable<State> {
  const listeners = new Set<(state: State) => void>();
  let current = initial;
  return {
    get: () => current,
    set(state) {
      if (state === current) return;
      current = state;
      for (const listener of listeners) tell(listener, state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The act that changed the state has worked, and other listeners wait. */
function tell<State>(listener: (state: State) => void, state: State): void {
  try {
    listener(state);
  } catch (error) {
    reportError(error);
  }
}
