import type { IncomingMessage, RequestListener } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type Response, Router } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { admitOperation, admitRequest } from '../graphql/admission/admitOperation';
import { documentRules, parseOptions, validationOptions } from '../graphql/admission/documentLimits';
import type { RateVerdict } from '../graphql/admission/rateLimiter';
import { RateRefusal } from '../graphql/admission/rateRules';
import { type GraphqlDeps, type RequestContext, requestContext } from '../graphql/context';
import { formatError } from '../graphql/formatError';
import { Refusal } from '../model/refusal';
import { allowedHeaders } from './allowedHeaders';
import { allowedMethods, answerGraphql } from './answerGraphql';
import type { AnswerDeadline } from './connectionLimits';
import type { Peers } from './peers';

export interface GraphqlRules {
  readonly requestTimeoutMs: number;
  readonly answerDeadline: AnswerDeadline;
  readonly peers: Peers;
  /** What every answer of the server carries. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface GraphqlEndpoint {
  /** True for what `answer` is there for: POST and GET. */
  takes(request: IncomingMessage): boolean;
  readonly answer: RequestListener;
  /** All other methods. */
  readonly router: Router;
  stop(): Promise<void>;
}

/**
 * POST and GET /graphql (GraphQL over HTTP), for callers of any origin: a key stands in a header, never in a cookie. GET is for
 * queries with an `Authorization` header: a browser sends that across origins only after a preflight.
 */
export async function graphqlEndpoint(
  parts: GraphqlDeps,
  schema: GraphQLSchema,
  { requestTimeoutMs, answerDeadline, peers, headers }: GraphqlRules,
): Promise<GraphqlEndpoint> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    csrfPrevention: { requestHeaders: [...preflightedHeaders] },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions,
    validationRules: documentRules,
    validationOptions,
    formatError: (_formatted, error) => formatError(error, parts.log),
    plugins: [admissionPlugin, ...quietPlugins()],
    logger: parts.log.child({ part: 'graphql' }),
  });
  await apollo.start();
  const answering = {
    ...{
      apollo,
      headers: { ...headers, ...anyOrigin },
      timeoutMs: requestTimeoutMs,
      answerDeadline,
      log: parts.log,
    },
    contextOf: (request: IncomingMessage, body: unknown) => contextOf(parts, request, body, peers),
  };
  return {
    takes: ({ method, url = '' }) =>
      (method === 'POST' || method === 'GET') && /^\/graphql\/?(\?|$)/i.test(url),
    answer: (request, response) => void answerGraphql(answering, request, response),
    router: Router()
      .use('/', (_request, response, next) => {
        response.set(anyOrigin);
        next();
      })
      .options('/', (request, response) => {
        const asked = request.headers['access-control-request-headers'];
        response
          .status(204)
          .vary('Access-Control-Request-Headers')
          .set('Access-Control-Allow-Headers', allowedHeaders(asked))
          .end();
      })
      .all('/', (_request, response) => methodNotAllowed(response)),
    stop: () => apollo.stop(),
  };
}

async function contextOf(
  parts: GraphqlDeps,
  request: IncomingMessage,
  body: unknown,
  peers: Peers,
): Promise<RequestContext> {
  const { authorization, origin, 'x-fanfare-user': userToken } = request.headers;
  const context = requestContext(parts, {
    ...{ authorization, origin, networks: peers.networksOf(request) },
    userToken: userToken?.toString(),
  });
  await admitRequest(context, memberOf(body, 'query'), memberOf(body, 'variables')).catch(refused);
  return context;
}

/** What Apollo takes for the document, and for its variables. */
function memberOf(body: unknown, name: 'query' | 'variables'): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? Reflect.get(body, name)
    : undefined;
}

const admissionPlugin: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({
        schema,
        document,
        operationName,
        operation,
        request,
        contextValue,
        response,
      }) {
        if (operation?.operation === 'subscription') refused(subscriptionRefusal());
        const asked = { schema, document, operationName, variables: request.variables ?? {} };
        const verdict = await admitOperation(asked, contextValue).catch(refused);
        if (verdict) for (const [name, value] of rateHeaders(verdict)) response.http.headers.set(name, value);
      },
    };
  },
};

/** Executed as a query, it would reach resolvers that expect an event. */
function subscriptionRefusal(): Refusal {
  return new Refusal('BAD_USER_INPUT', 'Subscriptions travel over WebSocket.');
}

/** Gives a refusal the status and headers it goes with. */
function refused(error: Error): never {
  throw new GraphQLError('refused', { originalError: error, extensions: { http: refusedHead(error) } });
}

/** What draft-ietf-httpapi-ratelimit-headers calls them; seconds until the limit begins anew. */
function rateHeaders({ limit, remaining, resetInMs }: RateVerdict): Array<[string, string]> {
  const seconds = Math.max(0, Math.ceil(resetInMs / 1_000));
  return [
    ['ratelimit-limit', String(limit)],
    ['ratelimit-remaining', String(remaining)],
    ['ratelimit-reset', String(seconds)],
  ];
}

function refusedHead(error: unknown): HTTPGraphQLHead {
  if (!(error instanceof RateRefusal)) return { status: statusOf(error), headers: new HeaderMap() };
  const headers = [...rateHeaders(error.verdict), ['retry-after', String(error.retryAfterSeconds)] as const];
  return { status: 429, headers: new HeaderMap(headers) };
}

/** Refusals about what may be asked at all are bad requests; a database that is away answers like any resolver's. */
function statusOf(error: unknown): number {
  return error instanceof Refusal ? 400 : 200;
}

/** Nothing but answers leaves Apollo, whatever the environment says: no reports to anybody, no pages. */
function quietPlugins() {
  return [
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginCacheControlDisabled(),
  ];
}

const preflightedHeaders = ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'];

const anyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': allowedMethods,
  'access-control-expose-headers': 'retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
  'access-control-max-age': '7200',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
};

function methodNotAllowed(response: Response): void {
  response
    .status(405)
    .set('Allow', allowedMethods)
    .json({ errors: [{ message: 'Use POST.', extensions: { code: 'BAD_USER_INPUT' } }] });
}
