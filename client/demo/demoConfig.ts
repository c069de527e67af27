/** Keys of a development server: `key` publishable, `sendKey` secret with the scopes to send and read. */
export interface DemoConfig {
  url: string;
  key: string;
  sendKey: string;
}

/** Reads /demo/config.json; rejects with a sentence for people where the server does not give it out. */
export async function readDemoConfig(): Promise<DemoConfig> {
  const response = await fetch('./config.json', { cache: 'no-store' });
  if (!response.ok)
    throw new Error('The demo works on a development server only: it would give out a secret key.');
  const config = (await response.json()) as DemoConfig;
  return { ...config, url: new URL(config.url, response.url).href };
}
