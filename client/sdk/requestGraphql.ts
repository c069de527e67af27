import { FanfareError } from './fanfareError';

/** Where the API is and who asks: `url` absolute, `key` publishable, `userToken` the proof of a named user. */
export interface ApiAddress {
  url: string;
  key?: string;
  userToken?: string | undefined;
}

/** `timeoutMs`: how long to wait for the whole answer, 30,000 by default. */
export interface RequestOptions {
  timeoutMs?: number;
  keepalive?: boolean;
}

interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/**
 * Posts one GraphQL operation and answers its `data`. Throws FanfareError: `NETWORK` when no whole answer came in time,
 * `UNAVAILABLE` or `NOT_THE_API` when the answer was not GraphQL, else the code of the first GraphQL error, which is its
 * `cause`.
 */
export async function requestGraphql<Data>(
  api: ApiAddress,
  document: string,
  variables: Record<string, unknown> = {},
  options: RequestOptions = {},
): Promise<Data> {
  const { status, text } = await post(api, JSON.stringify({ query: document, variables }), options);
  const answer = readAnswer<Data>(api.url, status, text);
  const error = answer.errors?.[0];
  if (error) throw new FanfareError(error.extensions?.code ?? 'UNAVAILABLE', error.message, { cause: error });
  if (!answer.data) throw new FanfareError('UNAVAILABLE', `The API answered ${status} without data`);
  return answer.data;
}

async function post(
  api: ApiAddress,
  body: string,
  { timeoutMs = 30_000, ...options }: RequestOptions,
): Promise<{ status: number; text: string }> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (api.key) headers.Authorization = `Bearer ${api.key}`;
  if (api.userToken) headers['X-Fanfare-User'] = api.userToken;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const request: RequestInit = { method: 'POST', headers, body, credentials: 'omit', signal, ...options };
    const response = await fetch(api.url, request);
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new FanfareError('NETWORK', `${api.url} could not be reached`, { cause });
  }
}

function readAnswer<Data>(url: string, status: number, text: string): GraphqlAnswer<Data> {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // a page of whatever stands in front of the API, or in its place
  }
  const isPassing = status >= 500 || status === 429 || status === 408;
  throw new FanfareError(
    isPassing ? 'UNAVAILABLE' : 'NOT_THE_API',
    `${url} answered ${status} without GraphQL`,
  );
}
