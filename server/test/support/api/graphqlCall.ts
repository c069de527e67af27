import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the API said no with: the code of the catalogue and the path of the input field at fault. */
export class GraphqlRefusal extends Error {
  constructor(
    readonly code: string,
    readonly path: ReadonlyArray<string | number> | undefined,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions: { readonly code: string; readonly path?: ReadonlyArray<string | number> };
  }>;
}

/** The text of `schema/operations/<name>.graphql`. */
export function operation(name: string): string {
  return readFileSync(join(__dirname, '../../../../schema/operations', `${name}.graphql`), 'utf8');
}

/**
 * One operation over HTTP.
 * @throws GraphqlRefusal when the answer holds errors; what `fetch` throws when there is no answer
 */
export async function callGraphql<Data>(
  url: string,
  key: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = (await response.json()) as GraphqlAnswer<Data>;
  const [first] = errors ?? [];
  if (first) throw new GraphqlRefusal(first.extensions.code, first.extensions.path, first.message);
  if (!data) throw new Error(`The answer with status ${response.status} holds neither data nor errors.`);
  return data;
}
