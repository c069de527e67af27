import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { WatchProgressSubscription } from '../graphql/operations';
import { useSession } from '../session/session';
import { watchProgress } from './watchProgress';

type Progress = WatchProgressSubscription['notificationProgress'];

interface LiveProgress {
  /** Whether changes are told at once. */
  readonly isLive: boolean;
  /** What was told last, and when. */
  readonly last: { readonly progress: Progress; readonly at: number } | undefined;
}

/**
 * What the server tells of a notification that is under way. It stands beside the page's own answer: written into that,
 * each change would put off the next look at what does not come with it, as the outcomes.
 */
export function useLiveProgress(id: string, isWatched: boolean): LiveProgress {
  const { key } = useSession();
  const client = useQueryClient();
  const [isLive, setLive] = useState(false);
  const [last, setLast] = useState<LiveProgress['last']>();
  useEffect(() => {
    if (!isWatched) return;
    return watchProgress(
      key,
      id,
      (progress) => {
        setLast({ progress, at: Date.now() });
        if (progress.progress.pending === 0) void client.invalidateQueries();
      },
      setLive,
    );
  }, [key, id, isWatched, client]);
  return { isLive: isLive && isWatched, last: last?.progress.id === id ? last : undefined };
}
