import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { NotificationPageDocument, type NotificationPageQuery } from '../graphql/operations';
import { useSession } from '../session/session';
import { watchProgress } from './watchProgress';

/** Keeps the page's answer up to date while the notification is under way; tells whether it is live now. */
export function useLiveProgress(id: string, watched: boolean): boolean {
  const { key } = useSession();
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (!watched) return;
    const queryKey = [NotificationPageDocument, { id }];
    return watchProgress(
      key,
      id,
      (changed) => {
        client.setQueryData<NotificationPageQuery>(queryKey, (known) =>
          known?.notification ? { notification: { ...known.notification, ...changed } } : known,
        );
        // outcomes by reason do not come with the progress
        if (changed.progress.pending === 0) void client.invalidateQueries();
      },
      setLive,
    );
  }, [key, id, watched, client]);
  return live && watched;
}
