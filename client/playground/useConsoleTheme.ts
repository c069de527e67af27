import { useSyncExternalStore } from 'react';

/** Where the console's component library keeps the colours that were chosen there. */
const item = 'mantine-color-scheme-value';

/** The colours chosen in the console, also while they change; undefined when they are left to the system. */
export function useConsoleTheme(): 'light' | 'dark' | undefined {
  const chosen = useSyncExternalStore(watch, () => localStorage.getItem(item));
  return chosen === 'light' || chosen === 'dark' ? chosen : undefined;
}

/** Other documents of this origin, such as the console around this page, are told of every change. */
function watch(onChange: () => void): () => void {
  addEventListener('storage', onChange);
  return () => removeEventListener('storage', onChange);
}
