import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Answer } from './apiServer';

/** A GraphQL client over WebSocket, which connects when it subscribes and does not try again. */
export function socketTo(
  httpUrl: string,
  key: string | undefined,
  options: Partial<ClientOptions> = {},
): Client {
  return createClient({
    url: `${httpUrl.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(key !== undefined && { connectionParams: { authorization: `Bearer ${key}` } }),
    ...options,
  });
}

/** One that connects at once and stays, from an address as a proxy reports it. */
export function socketFrom(address: string, httpUrl: string, key: string | undefined): Client {
  const headers = { 'x-forwarded-for': address };
  return socketTo(httpUrl, key, {
    lazy: false,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers });
      }
    },
  });
}

/** What a subscription is told first, or why it is refused. */
export function firstWord(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Pick<Answer, 'data' | 'errors'>> {
  return new Promise((resolve) => {
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (word) => resolve(word as Answer),
        error: (errors) => resolve({ errors } as Answer),
        complete: () => resolve({}),
      },
    );
  });
}

/** The same over a socket of its own. */
export async function watchOnce(
  httpUrl: string,
  key: string | undefined,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Pick<Answer, 'data' | 'errors'>> {
  const client = socketTo(httpUrl, key);
  try {
    return await firstWord(client, query, variables);
  } finally {
    await client.dispose();
  }
}
