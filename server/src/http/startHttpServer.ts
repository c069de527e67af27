import express, { type Express, type Router } from 'express';
import type { Registry } from 'prom-client';
import type { IntakeDeps } from '../actions/notification/acceptNotification';
import type { Database } from '../database/openDatabase';
import { ConnectGuard } from '../egress/guardedLookup';
import { HostNameCheck } from '../egress/hostNameCheck';
import type { PushHostPolicy } from '../egress/pushHostPolicy';
import { Callers } from '../graphql/admission/caller';
import { NewSubscriptions } from '../graphql/admission/newSubscriptions';
import { PeerNetworks } from '../graphql/admission/peerNetworks';
import { RateLimiter } from '../graphql/admission/rateLimiter';
import { defaultRateLimits, type RateLimits } from '../graphql/admission/rateRules';
import type { GraphqlDeps } from '../graphql/context';
import { buildFanfareSchema } from '../graphql/schema';
import type { PublicIds } from '../model/ids/publicIds';
import { hourMs } from '../model/timeSpans';
import type { Log } from '../observe/log';
import type { DispatchQueue } from '../queue/dispatchQueue';
import type { PersonHashes } from '../secrets/personHashes';
import type { PlaygroundPasses } from '../secrets/playgroundPasses';
import { type ReceiptTokens, receiptTokenLength } from '../secrets/receiptToken';
import type { SealedBox } from '../secrets/sealedBox';
import type { SealedCursors } from '../secrets/sealedCursors';
import { ProgressWatch } from '../views/notification/progressWatch';
import { answerFault, answerNotFound } from './answerFault';
import { type AnswerDeadline, defaultAnswerDeadline, endIfUnread } from './connectionLimits';
import { graphqlEndpoint } from './graphqlEndpoint';
import { healthRouter } from './health';
import { createHttpServer, type ServerEnd } from './httpServer';
import type { DemoKeys } from './pages/demoConfig';
import { pagesRouter } from './pages/pages';
import { Peers } from './peers';
import { securityHeaders } from './securityHeaders';
import type { SocketLimits } from './sockets/openSockets';
import { attachProgressSocket } from './sockets/progressSocket';

/*
 * Room: http. In: connections. Out: /graphql (HTTP and WebSocket), /healthz, /readyz, /metrics, /sdk/*, /console/,
 * /playground/ and /demo/. May fail to listen; afterwards every fault is an answer. Called by processes/.
 */

/** What the server works with; owned and closed by the caller. */
export interface HttpDeps {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where browsers reach this server: the base of receipt URLs. */
  readonly publicUrl: string;
  readonly database: Database;
  readonly ids: PublicIds;
  readonly queue: Pick<DispatchQueue, 'connected' | 'depth' | 'deadLetters'>;
  /** Told of fresh dispatches right after their commit. */
  readonly announce: IntakeDeps['announce'];
  readonly receiptTokens: ReceiptTokens;
  readonly cursors: SealedCursors;
  readonly authBox: SealedBox;
  /** `new SealedBox(secret, 'vapid')`. */
  readonly vapidBox: SealedBox;
  /** `new SealedBox(secret, 'user-proof')`: opens `application.userProofSecret`. */
  readonly userProofBox: SealedBox;
  readonly personHashes: PersonHashes;
  readonly playgroundPasses: PlaygroundPasses;
  /** Names the networks of peers without telling their addresses: a key derived from the master secret. */
  readonly peerNetworkKey: Buffer;
  readonly pushHosts: PushHostPolicy;
  /** Default: asks the name servers of the system. */
  readonly hostNames?: HostNameCheck;
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly log: Log;
  readonly rules?: Partial<HttpRules>;
  /** `client/dist`. */
  readonly clientDir: string;
  readonly demo?: DemoKeys | undefined;
}

/** How strict the door is; what is absent is as in development. */
export interface HttpRules {
  readonly rateLimits: RateLimits;
  readonly subscriptionsPerUser: number;
  /** Live push subscriptions of an application; 0: any number. */
  readonly subscriptionsMost: number;
  /** That the pages of an application may add in an hour; 0: any number. */
  readonly newSubscriptionsPerHour: number;
  /** See `Admission`. */
  readonly hidesSchema: boolean;
  readonly onlyKnownDocuments: boolean;
  /** Proxies in front that append to X-Forwarded-For. */
  readonly trustedProxies: number;
  /** How many WebSockets there may be of each kind of caller. */
  readonly webSockets: SocketLimits;
  /** How often the keys of open WebSockets are looked up again. */
  readonly socketRecheckMs: number;
  /** Until a GraphQL request is answered, whatever it waits for. */
  readonly requestTimeoutMs: number;
  /** Until a client has taken an answer; then its connection is ended. */
  readonly answerDeadline: AnswerDeadline;
  /** Connections at a time, WebSockets among them. */
  readonly maxConnections: number;
  /** An idle connection is kept for so long. */
  readonly keepAliveSeconds: number;
}

/** Proxies and load balancers keep idle connections for 60 seconds by default; the server has to keep them for longer. */
export const defaultKeepAliveSeconds = 75;

const openRules: HttpRules = {
  rateLimits: defaultRateLimits,
  subscriptionsPerUser: 100,
  subscriptionsMost: 0,
  newSubscriptionsPerHour: 0,
  hidesSchema: false,
  onlyKnownDocuments: false,
  trustedProxies: 0,
  webSockets: { secret: 2_000, secretPerApplication: 500, pending: 200 },
  socketRecheckMs: 10_000,
  requestTimeoutMs: 30_000,
  answerDeadline: defaultAnswerDeadline,
  maxConnections: 4_000,
  keepAliveSeconds: defaultKeepAliveSeconds,
};

export interface RunningHttpServer {
  /** `http://127.0.0.1:4000`, by the address that was bound. */
  readonly url: string;
  readonly port: number;
  /**
   * Not ready from now on, but serves until `drained`. Then takes no connections, closes WebSockets with 1001 and answers the
   * requests under way within `graceMs` (default 10,000).
   */
  stop(end?: ServerEnd): Promise<void>;
}

export async function startHttpServer(parts: HttpDeps): Promise<RunningHttpServer> {
  const { log } = parts;
  const rules = { ...openRules, ...parts.rules };
  const progressWatch = new ProgressWatch({ database: parts.database, log });
  const graphqlDeps = toGraphqlDeps(parts, rules, progressWatch);
  const schema = buildFanfareSchema();
  const peers = new Peers({
    networks: new PeerNetworks(parts.peerNetworkKey),
    trustedProxies: rules.trustedProxies,
    log,
  });
  const headers = securityHeaders(parts.publicUrl);
  const graphql = await graphqlEndpoint(graphqlDeps, schema, { ...rules, headers, peers });
  let stopping = false;
  const app = webApp(parts, rules, {
    ...{ headers, graphql: graphql.router, playgroundPasses: graphqlDeps.admission.playgroundPasses },
    phase: () => (stopping ? 'stopping' : 'ok'),
  });
  const http = createHttpServer(
    (request, response) => {
      if (graphql.takes(request)) return graphql.answer(request, response);
      endIfUnread(request, response, rules.answerDeadline);
      app(request, response);
    },
    { ...rules, log },
  );
  const closeSockets = attachProgressSocket(http.server, graphqlDeps, schema, {
    peers,
    limits: rules.webSockets,
    recheckIntervalMs: rules.socketRecheckMs,
  });
  const { port } = await http.listen(parts.host, parts.port);
  return {
    url: `http://${parts.host.includes(':') ? `[${parts.host}]` : parts.host}:${port}`,
    port,
    stop: async ({ drained, graceMs = 10_000 } = {}) => {
      stopping = true;
      http.drain();
      await drained;
      const closed = http.close(graceMs);
      await closeSockets(graceMs);
      progressWatch.stop();
      await closed;
      await graphql.stop();
    },
  };
}

/** Everything but GET and POST to /graphql. */
function webApp(
  parts: HttpDeps,
  { trustedProxies }: HttpRules,
  more: {
    headers: Readonly<Record<string, string>>;
    graphql: Router;
    playgroundPasses: PlaygroundPasses | undefined;
    phase: () => 'ok' | 'stopping';
  },
): Express {
  return express()
    .disable('x-powered-by')
    .set('trust proxy', trustedProxies)
    .use((_request, response, next) => {
      response.set(more.headers);
      next();
    })
    .use(healthRouter({ ...parts, needsQueue: false, phase: more.phase }))
    .use('/graphql', more.graphql)
    .use(pagesRouter({ ...parts, playgroundPasses: more.playgroundPasses }))
    .use(answerNotFound)
    .use(answerFault(parts.log));
}

function toGraphqlDeps(parts: HttpDeps, rules: HttpRules, progressWatch: ProgressWatch): GraphqlDeps {
  const { database, ids, receiptTokens, cursors, authBox, vapidBox, userProofBox, pushHosts, log } = parts;
  const intake: IntakeDeps = {
    ...{ database, ids, receiptTokenLength },
    announce: parts.announce,
    receiptUrl: `${parts.publicUrl}/graphql`,
  };
  const callers = new Callers(database);
  const hostNames = parts.hostNames ?? new HostNameCheck(new ConnectGuard(pushHosts));
  const { rateLimits, hidesSchema, onlyKnownDocuments, subscriptionsPerUser, subscriptionsMost } = rules;
  const hourly = new RateLimiter(database, log, database.now, hourMs);
  const newSubscriptions = new NewSubscriptions(hourly, rules.newSubscriptionsPerHour, log);
  const rateLimiter = new RateLimiter(database, log);
  const playgroundPasses = hidesSchema ? parts.playgroundPasses : undefined;
  const admission = { rateLimiter, rateLimits, hidesSchema, onlyKnownDocuments, playgroundPasses };
  return {
    ...{ database, ids, intake, receiptTokens, cursors, authBox, vapidBox, userProofBox, pushHosts, log },
    personHashes: parts.personHashes,
    ...{ subscriptionsMost, newSubscriptions },
    ...{ hostNames, callers, admission, subscriptionsPerUser, progressWatch, queue: parts.queue },
  };
}
