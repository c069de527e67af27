import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { serverAddress } from './serverAddress';

/** Sends queries and mutations by HTTP, subscriptions by graphql-ws, both with the key unless a header says else. */
export function createFetcher(key: string): Fetcher {
  const url = serverAddress('graphql');
  const authorization: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
  return createGraphiQLFetcher({
    url,
    headers: authorization,
    wsClient: createClient({ url: url.replace(/^http/, 'ws'), connectionParams: authorization }),
  });
}
