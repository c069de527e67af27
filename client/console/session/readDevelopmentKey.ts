import { serverAddress } from '../serverAddress';

/** The secret key that a development server gives to its demo page; undefined elsewhere. */
export async function readDevelopmentKey(): Promise<string | undefined> {
  const response = await fetch(serverAddress('demo/config.json')).catch(() => undefined);
  if (!response?.ok) return undefined;
  const config: { sendKey?: string } = await response.json();
  return config.sendKey;
}
