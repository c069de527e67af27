import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { Fanfare } from '../sdk/fanfare';

const FanfareContext = createContext<Fanfare | undefined>(undefined);

/** Props of FanfareProvider: `onSyncError` hears of a sync at page load that failed; the next load tries again. */
export interface FanfareProviderProps {
  fanfare: Fanfare;
  children: ReactNode;
  onSyncError?: (error: unknown) => void;
}

/** Hands one SDK object (made once, outside rendering) to the hooks below, and heals the subscription on load. */
export function FanfareProvider({ fanfare, children, onSyncError }: FanfareProviderProps): ReactNode {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback is no reason to sync again
  useEffect(() => {
    fanfare.sync().catch((error) => onSyncError?.(error));
  }, [fanfare]);
  return <FanfareContext.Provider value={fanfare}>{children}</FanfareContext.Provider>;
}

/** The SDK object of the nearest FanfareProvider; throws where there is none. */
export function useFanfare(): Fanfare {
  const fanfare = useContext(FanfareContext);
  if (!fanfare) throw new Error('useFanfare needs a FanfareProvider above it');
  return fanfare;
}
