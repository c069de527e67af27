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
        error: (fault) => resolve({ errors: errorsOf(fault) } as Answer),
        complete: () => resolve({}),
      },
    );
  });
}

/** A key that is refused ends the socket, with a code that says why. */
export function errorsOf(fault: unknown): unknown {
  const closed = fault as { code?: number; reason?: string };
  const code = { 4401: 'UNAUTHENTICATED', 4403: 'FORBIDDEN', 1013: 'RATE_LIMITED' }[closed.code ?? 0];
  return code === undefined ? fault : [{ message: closed.reason, extensions: { code } }];
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
