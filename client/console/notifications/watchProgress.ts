import { createClient } from 'graphql-ws';
import { apiUrl } from '../graphql/callApi';
import { WatchProgressDocument, type WatchProgressSubscription } from '../graphql/operations';

/**
 * Tells each change of a notification until it is finished (graphql-ws).
 * @returns what ends it
 */
export function watchProgress(
  key: string,
  id: string,
  onChange: (changed: WatchProgressSubscription['notificationProgress']) => void,
  onLive: (live: boolean) => void,
): () => void {
  const client = createClient({
    url: apiUrl.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: { connected: () => onLive(true), closed: () => onLive(false) },
  });
  const stop = client.subscribe<WatchProgressSubscription>(
    { query: WatchProgressDocument, variables: { id } },
    {
      next: ({ data }) => data && onChange(data.notificationProgress),
      // a refusal is told by the page's own query
      error: () => onLive(false),
      complete: () => onLive(false),
    },
  );
  return () => {
    stop();
    void client.dispose();
  };
}
