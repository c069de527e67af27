import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { admitOperation, admitRequest, countVisit } from '../../graphql/admission/admitOperation';
import { readDocument } from '../../graphql/admission/documentLimits';
import { isShutOut } from '../../graphql/admission/stopped';
import { type GraphqlDeps, type RequestContext, requestContext } from '../../graphql/context';
import { formatError } from '../../graphql/formatError';
import { Refusal } from '../../model/refusal';
import type { Peers } from '../peers';
import { endSocket } from './endSocket';
import { type SocketExtra, serveSocket } from './graphqlSocket';
import { OpenSockets, type SocketLimits, tryAgainLater } from './openSockets';
import { SocketCounts } from './socketCounts';

/** On one socket at a time. */
const maxSubscriptions = 100;
const maxMessageBytes = 64 * 1024;
/** What one socket may send in a second, whatever its kind: a frame without content is not a message. */
const maxBytesPerSecond = 2 * maxMessageBytes;
const maxSocketsPerAddress = 100;
/** RFC 6455 section 7.4.1 */
const goingAway = 1001;
const policyViolation = 1008;

export interface ProgressSocketOptions {
  readonly peers: Peers;
  readonly limits: SocketLimits;
  /** How often the keys of open sockets are looked up again. */
  readonly recheckIntervalMs: number;
}

/**
 * Subscriptions over WebSocket (graphql-ws protocol) at /graphql, for secret keys. Queries and mutations belong to HTTP,
 * whose limits they would slip past here.
 * @returns what closes every socket with 1001, for a shutdown, and cuts those that are still open after `graceMs`
 */
export function attachProgressSocket(
  server: Server,
  parts: GraphqlDeps,
  schema: GraphQLSchema,
  options: ProgressSocketOptions,
): (graceMs: number) => Promise<void> {
  const { peers } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols });
  const open = new OpenSockets(options.limits);
  const protocol = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    // `serveSocket` waits for `connection_init`
    connectionInitWaitTimeout: 0,
    onConnect: ({ connectionParams, extra }) => {
      extra.initDeadline.cancel();
      return connect(parts, open, extra.socket, contextOf(parts, connectionParams, extra.request, peers));
    },
    onSubscribe: ({ connectionParams, extra, subscriptions }, _id, payload) =>
      admit(schema, payload, contextOf(parts, connectionParams, extra.request, peers).context, subscriptions),
    onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatError(error, parts.log)),
    onNext: (_ctx, _id, _payload, _args, result) =>
      result.errors && { ...result, errors: formatted(result.errors, parts) },
  });
  const counts = new SocketCounts(maxSocketsPerAddress);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // a peer that vanishes while it is being answered is no fault of ours
    socket.on('error', () => socket.destroy());
    const isOurs = request.url?.split('?', 1)[0] === '/graphql';
    if (!isOurs) return refuseUpgrade(socket, '404 Not Found');
    const networks = peers.networksOf(request);
    if (!counts.admit(networks, socket)) return refuseUpgrade(socket, '429 Too Many Requests');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      open.add(ws, networks[0]?.name ?? '');
      limitBytes(ws, request.socket);
      serveSocket(protocol, ws, request, parts.log);
    });
  });
  const recheck = setInterval(() => {
    void open.endRevoked((authorization) => isStillValid(parts, authorization), CloseCode.Forbidden);
  }, options.recheckIntervalMs);
  return (graceMs) => {
    clearInterval(recheck);
    return closeSockets(sockets, graceMs);
  };
}

/** @returns whether `connection_init` brought a valid secret key; otherwise the socket ends */
async function connect(
  parts: GraphqlDeps,
  open: OpenSockets,
  socket: WebSocket,
  { context, authorization }: { context: RequestContext; authorization: string | undefined },
): Promise<boolean> {
  try {
    await countVisit(context, () => 1);
    const caller = await context.identify();
    if (!caller || authorization === undefined) {
      endSocket(socket, CloseCode.Unauthorized, 'Unauthorized');
      return false;
    }
    // a publishable key would need limits of its own and a proof of the user: `SocketLimits` has room for them
    return caller.kind === 'SECRET' && !isShutOut(caller) && open.identify(socket, caller, authorization);
  } catch (error) {
    if (error instanceof Refusal) endSocket(socket, tryAgainLater, 'Too many requests');
    else {
      parts.log.warn({ err: error }, 'the key of a WebSocket cannot be looked up');
      endSocket(socket, tryAgainLater, 'Try again later');
    }
    return false;
  }
}

/** A database that cannot be asked ends no socket. */
async function isStillValid({ callers }: GraphqlDeps, authorization: string): Promise<boolean> {
  try {
    const caller = await callers.identify(authorization);
    return caller !== undefined && !isShutOut(caller);
  } catch {
    return true;
  }
}

function limitBytes(ws: WebSocket, socket: Socket): void {
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead - before > maxBytesPerSecond) {
      endSocket(ws, policyViolation, 'Too much data');
      ws.pause();
    }
    before = socket.bytesRead;
  }, 1_000);
  ws.once('close', () => clearInterval(timer));
}

async function closeSockets(sockets: WebSocketServer, graceMs: number): Promise<void> {
  for (const socket of sockets.clients) socket.close(goingAway, 'Going away');
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, graceMs);
  await new Promise((resolve) => sockets.close(resolve));
  clearTimeout(cut);
}

/**
 * Browsers cannot set headers on a WebSocket, so the key comes as `authorization` in the connection parameters, or in
 * `headers` within them, as some clients have it.
 */
function contextOf(
  parts: GraphqlDeps,
  params: Readonly<Record<string, unknown>> | undefined,
  request: IncomingMessage,
  peers: Peers,
): { context: RequestContext; authorization: string | undefined } {
  const authorization =
    authorizationIn(params) ?? authorizationIn(params?.headers) ?? request.headers.authorization;
  const { origin } = request.headers;
  const claims = { authorization, userToken: undefined, origin, networks: peers.networksOf(request) };
  return { context: requestContext(parts, claims), authorization };
}

/** @param value JSON of any type */
function authorizationIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { authorization, Authorization }: { authorization?: unknown; Authorization?: unknown } = value;
  return [authorization, Authorization].find((each) => typeof each === 'string');
}

/** @returns what is to be executed, or why it is not */
async function admit(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
  context: RequestContext,
  running: object,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  try {
    if (Object.keys(running).length > maxSubscriptions) {
      throw new Refusal('RATE_LIMITED', `One socket watches at most ${maxSubscriptions} notifications.`);
    }
    await admitRequest(context, query);
    const document = readDocument(schema, query);
    if (!('kind' in document)) return document;
    if (getOperationAST(document, operationName)?.operation !== 'subscription') {
      throw new Refusal('BAD_USER_INPUT', 'Only subscriptions travel here; POST everything else.');
    }
    await admitOperation({ schema, document, operationName, variables: variables ?? {} }, context);
    return { schema, document, operationName, variableValues: variables, contextValue: context };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    return [new GraphQLError('refused', { originalError: error as Error })];
  }
}

function formatted(errors: readonly GraphQLError[], parts: GraphqlDeps): GraphQLError[] {
  return errors.map((error) => {
    const { message, extensions }: GraphQLFormattedError = formatError(error, parts.log);
    return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions });
  });
}

/** A peer that does not close its side is not waited for. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
