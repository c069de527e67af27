import { useCallback, useState } from 'react';
import { serverAddress } from './serverAddress';

const ITEM = 'fanfare.key';

/** The key in use; in sessionStorage, so that it goes with the tab. */
export function useApiKey(): [key: string, setKey: (key: string) => void] {
  const [key, setKey] = useState(() => sessionStorage.getItem(ITEM) ?? '');
  const keep = useCallback((next: string) => {
    sessionStorage.setItem(ITEM, next);
    setKey(next);
  }, []);
  return [key, keep];
}

/** The secret key that a development server gives to its demo page; undefined elsewhere. */
export async function readDevelopmentKey(): Promise<string | undefined> {
  const response = await fetch(serverAddress('demo/config.json')).catch(() => undefined);
  if (!response?.ok) return undefined;
  const config: { sendKey?: string } = await response.json();
  return config.sendKey;
}
