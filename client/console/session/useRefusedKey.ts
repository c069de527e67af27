import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Whether the API does not know the key that asked. */
export function isRefusedKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNAUTHENTICATED';
}

/**
 * Asks again who the key is as soon as anything that was asked is refused: a key can be revoked while it is signed in.
 * What was refused may have been another key, as that of a test browser.
 */
export function useRefusedKey(): void {
  const client = useQueryClient();
  useEffect(() => {
    const check = () => void client.invalidateQueries({ queryKey: ['viewer'] });
    const stops = [
      client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'error') return;
        if (isRefusedKey(event.action.error) && event.query.queryKey[0] !== 'viewer') check();
      }),
      client.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error' && isRefusedKey(event.action.error))
          check();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client]);
}
