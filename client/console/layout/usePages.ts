import { useState } from 'react';

/** Where one is in a list that is read page by page: the cursors of the pages that were left behind. */
export interface Pages {
  readonly after: string | null;
  readonly number: number;
  next(endCursor: string | null): void;
  back(): void;
  reset(): void;
}

/** Begins at the first page. */
export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  return {
    after: cursors.at(-1) ?? null,
    number: cursors.length,
    next: (endCursor) => setCursors([...cursors, endCursor]),
    back: () => setCursors(cursors.slice(0, -1)),
    reset: () => setCursors([null]),
  };
}
