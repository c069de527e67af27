import type { HistoryEntry } from './useHistory';

interface KnownHistory {
  /** Newest first; undefined while, or because, it is not known. */
  readonly data: readonly HistoryEntry[] | undefined;
  readonly isError: boolean;
  /** There are older deliveries, which were not asked for. */
  readonly hasNextPage: boolean;
}

type Event = 'acceptedAt' | 'displayedAt' | 'clickedAt';

/** When it last happened, or in words why there is no such moment. */
export interface LastReached {
  readonly at: string | null;
  readonly never: string;
}

/** What a person's history tells of one of the person's browsers. */
export function lastReached(history: KnownHistory, deviceId: string, event: Event): LastReached {
  if (!history.data) return { at: null, never: history.isError ? 'unknown' : 'loading …' };
  const found = history.data.find(
    ({ delivery }) => delivery.subscription?.id === deviceId && delivery[event] !== null,
  );
  const { length } = history.data;
  return {
    at: found?.delivery[event] ?? null,
    never: history.hasNextPage ? `not among the latest ${length} deliveries` : 'not as far back as is kept',
  };
}
