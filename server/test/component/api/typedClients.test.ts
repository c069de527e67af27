/** GraphQL clients that others wrote, as their users set them up. */
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { sendTo } from '../../support/api/accessWorld';
import { type SqliteApi, startSqliteApi } from '../../support/api/sqliteApi';

interface ListData {
  readonly notifications: {
    readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const pageLength = 10;
const list = gql`
  query ($first: Int!, $after: String) {
    notifications(first: $first, after: $after) {
      edges { cursor node { id status } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
const send = gql`
  mutation ($input: SendNotificationInput!) {
    sendNotification(input: $input) { notification { id } }
  }
`;
const input = { audience: { userIds: ['nobody'] }, content: { title: 'Hello' } };
const wrongInput = { ...input, ttl: -1 };

let site: SqliteApi;
const sent: string[] = [];

beforeAll(async () => {
  site = await startSqliteApi();
  for (let count = 0; count < 25; count += 1) {
    sent.unshift(await sendTo(site.api, site.application, 'nobody'));
  }
});

afterAll(() => site.close());

const address = () => `${site.api.http.url}/graphql`;
const authorization = (key: string) => ({ authorization: `Bearer ${key}` });
const idsOf = ({ notifications }: ListData) => notifications.edges.map(({ node }) => node.id);

describe('Apollo Client', () => {
  const clientOf = (key: string) =>
    new ApolloClient({
      link: new HttpLink({ uri: address(), headers: authorization(key) }),
      cache: new InMemoryCache({
        typePolicies: { Query: { fields: { notifications: relayStylePagination() } } },
      }),
    });

  test('merges three pages into one list', async () => {
    const client = clientOf(site.application.admin);
    const variables = { first: pageLength };
    await client.query<ListData>({ query: list, variables });
    const watched = client.watchQuery<ListData>({ query: list, variables });
    const watching = watched.subscribe(() => undefined);
    const merged = () => client.readQuery<ListData>({ query: list, variables })?.notifications;
    for (const count of [10, 20, 25]) {
      if (count > pageLength) await watched.fetchMore({ variables: { after: merged()?.pageInfo.endCursor } });
      expect(merged()?.edges.map(({ node }) => node.id)).toEqual(sent.slice(0, count));
      expect(merged()?.pageInfo.hasNextPage).toBe(count < 25);
    }
    watching.unsubscribe();
  });

  test('finds in its cache what `node` has read', async () => {
    const client = clientOf(site.application.admin);
    const query = gql`
      query ($id: ID!) { node(id: $id) { id ... on Notification { status } } }
    `;
    await client.query({ query, variables: { id: sent[0] } });
    expect(client.cache.extract()).toHaveProperty(`Notification:${sent[0]}`, expect.anything());
  });

  test.each([
    ['an input at fault', () => site.application.admin, wrongInput, 'BAD_USER_INPUT'],
    ['an unknown key', () => 'fs_unknown', input, 'UNAUTHENTICATED'],
    ['a missing variable', () => site.application.admin, undefined, 'BAD_USER_INPUT'],
  ])('throws the code of %s', async (_what, key, variable, code) => {
    const failed = clientOf(key())
      .mutate({ mutation: send, variables: { input: variable } })
      .catch((error: unknown) => error);
    const error = await failed;
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions).toMatchObject({ code });
  });
});

describe('urql', () => {
  const clientOf = (key: string) =>
    new Client({
      url: address(),
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers: authorization(key) },
    });

  test('reads page after page', async () => {
    const client = clientOf(site.application.admin);
    const found: string[] = [];
    let after: string | null | undefined;
    for (let more = true; more; ) {
      const { data, error } = await client.query<ListData>(list, { first: pageLength, after }).toPromise();
      expect(error).toBeUndefined();
      found.push(...(data ? idsOf(data) : []));
      more = data?.notifications.pageInfo.hasNextPage ?? false;
      after = data?.notifications.pageInfo.endCursor;
    }
    expect(found).toEqual(sent);
  });

  test('sends a mutation, and gives the code of an error', async () => {
    const good = await clientOf(site.application.admin).mutation(send, { input }).toPromise();
    expect(good).toMatchObject({
      error: undefined,
      data: { sendNotification: { notification: { id: expect.stringMatching(/^ntf_/) } } },
    });
    const wrong = await clientOf(site.application.admin).mutation(send, { input: wrongInput }).toPromise();
    expect(wrong.error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
