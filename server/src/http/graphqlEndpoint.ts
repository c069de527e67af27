import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { json, type Request, type RequestHandler, type Response, Router } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { admitOperation, admitRequest } from '../graphql/admitOperation';
import { type GraphqlParts, type RequestContext, requestContext } from '../graphql/context';
import { documentRules, parseOptions, validationOptions } from '../graphql/documentLimits';
import { formatError } from '../graphql/formatError';
import type { RateVerdict } from '../graphql/rateLimiter';
import { RateRefusal } from '../graphql/rateRules';
import { Refusal } from '../model/refusal';

const bodyLimit = '256kb';
const defaultTimeoutMs = 30_000;

export interface GraphqlEndpoint {
  readonly router: Router;
  stop(): Promise<void>;
}

/** POST /graphql (GraphQL over HTTP), for callers of any origin: a key stands in a header, never in a cookie. */
export async function graphqlEndpoint(
  parts: GraphqlParts,
  schema: GraphQLSchema,
  requestTimeoutMs = defaultTimeoutMs,
): Promise<GraphqlEndpoint> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    csrfPrevention: true,
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
  const router = Router();
  router.use('/', allowAnyOrigin);
  router.options('/', (_request, response) => void response.status(204).end());
  router.post(
    '/',
    json({ limit: bodyLimit }),
    answerInTime(requestTimeoutMs),
    expressMiddleware(apollo, { context: ({ req }) => contextOf(parts, req) }),
  );
  router.all('/', (_request, response) => methodNotAllowed(response));
  return { router, stop: () => apollo.stop() };
}

/** Nobody waits for ever: what goes on behind is given up by its own deadlines. */
function answerInTime(timeoutMs: number): RequestHandler {
  return (_request, response, next) => {
    const timer = setTimeout(() => {
      if (response.headersSent) return;
      const message = 'This took too long; try again.';
      response.status(503).json({ errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] });
    }, timeoutMs);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

async function contextOf(parts: GraphqlParts, request: Request): Promise<RequestContext> {
  const context = requestContext(parts, {
    authorization: request.get('authorization'),
    userToken: request.get('x-fanfare-user'),
    origin: request.get('origin'),
    address: request.ip,
  });
  await admitRequest(context).catch(refused);
  return context;
}

const admissionPlugin: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operationName, request, contextValue, response }) {
        const asked = { schema, document, operationName, variables: request.variables ?? {} };
        const verdict = await admitOperation(asked, contextValue).catch(refused);
        if (verdict) for (const [name, value] of rateHeaders(verdict)) response.http.headers.set(name, value);
      },
    };
  },
};

/** Gives a refusal the status and headers it goes with. */
function refused(error: Error): never {
  throw new GraphQLError('refused', { originalError: error, extensions: { http: refusedHead(error) } });
}

/** What draft-ietf-httpapi-ratelimit-headers calls them; seconds until the limit begins anew. */
function rateHeaders({ limit, remaining, resetAt }: RateVerdict): Array<[string, string]> {
  const seconds = Math.max(0, Math.ceil((resetAt - Date.now()) / 1_000));
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

function allowAnyOrigin(_request: Request, response: Response, next: () => void): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'POST, OPTIONS',
    'Access-Control-Allow-Headers': 'authorization, content-type, x-fanfare-user, apollo-require-preflight',
    'Access-Control-Expose-Headers': 'retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset',
    'Access-Control-Max-Age': '7200',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
  });
  next();
}

function methodNotAllowed(response: Response): void {
  response
    .status(405)
    .set('Allow', 'POST, OPTIONS')
    .json({ errors: [{ message: 'Use POST.', extensions: { code: 'BAD_USER_INPUT' } }] });
}
