import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import { json, type Request, type Response, Router } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { type GraphqlParts, type RequestContext, requestContext } from '../graphql/context';
import { formatError } from '../graphql/formatError';
import { maxDocumentTokens, refuseCostly, refuseDeep } from '../graphql/queryCost';
import { Refusal } from '../model/refusal';

const bodyLimit = '256kb';

export interface GraphqlEndpoint {
  readonly router: Router;
  stop(): Promise<void>;
}

/** POST /graphql (GraphQL over HTTP), for callers of any origin: a key stands in a header, never in a cookie. */
export async function graphqlEndpoint(parts: GraphqlParts, schema: GraphQLSchema): Promise<GraphqlEndpoint> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    csrfPrevention: true,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: maxDocumentTokens },
    formatError: (_formatted, error) => formatError(error, parts.log),
    plugins: [costPlugin, ...quietPlugins()],
    logger: parts.log.child({ part: 'graphql' }),
  });
  await apollo.start();
  const router = Router();
  router.use('/', allowAnyOrigin);
  router.options('/', (_request, response) => void response.status(204).end());
  router.post(
    '/',
    json({ limit: bodyLimit }),
    refuseDeepDocument,
    expressMiddleware(apollo, { context: async ({ req }) => contextOf(parts, req) }),
  );
  router.all('/', (_request, response) => methodNotAllowed(response));
  return { router, stop: () => apollo.stop() };
}

/** A body that is no JSON is Apollo's to refuse, and so is a document that cannot be read. */
function refuseDeepDocument(request: Request, _response: Response, next: (error?: unknown) => void): void {
  request.body ??= {};
  const query: unknown = request.body.query;
  try {
    if (typeof query === 'string') refuseDeep(query);
    next();
  } catch (error) {
    next(error instanceof Refusal ? error : undefined);
  }
}

async function contextOf(parts: GraphqlParts, request: Request): Promise<RequestContext> {
  return requestContext(parts, {
    authorization: request.get('authorization'),
    userToken: request.get('x-fanfare-user'),
    origin: request.get('origin'),
  });
}

const costPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation(asked: {
        document: Parameters<typeof refuseCostly>[0];
        operationName: string | null;
        request: { variables?: Record<string, unknown> };
      }) {
        try {
          refuseCostly(asked.document, asked.operationName, asked.request.variables ?? {});
        } catch (error) {
          throw new GraphQLError('refused', {
            originalError: error as Error,
            extensions: { http: { status: 400 } },
          });
        }
      },
    };
  },
};

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
