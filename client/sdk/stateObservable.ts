/** One value that can be read and watched, in the shape of React's `useSyncExternalStore`. */
export interface StateObservable<State> {
  get(): State;
  set(state: State): void;
  subscribe(listener: (state: State) => void): () => void;
}

/** A StateObservable that tells its listeners of changes only. */
export function createStateObservable<State>(initial: State): StateObservable<State> {
  const listeners = new Set<(state: State) => void>();
  let current = initial;
  return {
    get: () => current,
    set(state) {
      if (state === current) return;
      current = state;
      for (const listener of listeners) listener(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
