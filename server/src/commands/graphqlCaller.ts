/** Calls the API as a back end would; throws what it answers with instead of data. */
export type GraphqlCaller = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

export function graphqlCaller(url: string, key: string): GraphqlCaller {
  return async <Data>(query: string, variables: Record<string, unknown> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (!answer.data || answer.errors)
      throw new Error(answer.errors?.[0]?.message ?? `HTTP ${response.status}`);
    return answer.data;
  };
}
