import { FanfareError } from './fanfareError';

/** Where the API is and who asks: `url` absolute, `key` publishable, `userToken` the proof of a named user. */
export interface ApiAddress {
  url: string;
  key?: string;
  userToken?: string | undefined;
}

interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/**
 * Posts one GraphQL operation and answers its `data`. Throws FanfareError: `NETWORK` when no answer came,
 * `UNAVAILABLE` when the answer was not GraphQL, else the code of the first GraphQL error.
 */
export async function requestGraphql<Data>(
  api: ApiAddress,
  document: string,
  variables: Record<string, unknown> = {},
  options: RequestInit = {},
): Promise<Data> {
  const response = await post(api, JSON.stringify({ query: document, variables }), options);
  const answer = await readAnswer<Data>(response);
  const error = answer.errors?.[0];
  if (error) throw new FanfareError(error.extensions?.code ?? 'UNAVAILABLE', error.message);
  if (!answer.data) throw new FanfareError('UNAVAILABLE', `The API answered ${response.status} without data`);
  return answer.data;
}

async function post(api: ApiAddress, body: string, options: RequestInit): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (api.key) headers.Authorization = `Bearer ${api.key}`;
  if (api.userToken) headers['X-Fanfare-User'] = api.userToken;
  try {
    return await fetch(api.url, { method: 'POST', headers, body, credentials: 'omit', ...options });
  } catch (cause) {
    throw new FanfareError('NETWORK', 'The API could not be reached', { cause });
  }
}

async function readAnswer<Data>(response: Response): Promise<GraphqlAnswer<Data>> {
  try {
    return (await response.json()) as GraphqlAnswer<Data>;
  } catch (cause) {
    throw new FanfareError('UNAVAILABLE', `The API answered ${response.status} without GraphQL`, { cause });
  }
}
