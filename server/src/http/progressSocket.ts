import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { admitOperation, admitRequest } from '../graphql/admitOperation';
import { type GraphqlParts, type RequestContext, requestContext } from '../graphql/context';
import { readDocument } from '../graphql/documentLimits';
import { formatError } from '../graphql/formatError';
import { Refusal } from '../model/refusal';
import { type SocketExtra, serveSocket } from './graphqlSocket';
import type { Peers } from './peers';
import { SocketCounts } from './socketCounts';

const maxConnections = 2_000;
const maxSocketsPerAddress = 100;
/** On one socket at a time. */
const maxSubscriptions = 100;
const maxMessageBytes = 64 * 1024;
/** RFC 6455 section 7.4.1 */
const goingAway = 1001;

/**
 * Subscriptions over WebSocket (graphql-ws protocol) at /graphql. Queries and mutations belong to HTTP, whose limits
 * they would slip past here.
 * @returns what closes every socket with 1001, for a shutdown, and cuts those that are still open after `graceMs`
 */
export function attachProgressSocket(
  server: Server,
  parts: GraphqlParts,
  schema: GraphQLSchema,
  peers: Peers,
): (graceMs: number) => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, handleProtocols });
  const protocol = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    onSubscribe: ({ connectionParams, extra, subscriptions }, _id, payload) =>
      admit(schema, payload, contextOf(parts, connectionParams, extra.request, peers), subscriptions),
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
    if (sockets.clients.size >= maxConnections) return refuseUpgrade(socket, '503 Service Unavailable');
    if (!counts.admit(peers.networksOf(request), socket))
      return refuseUpgrade(socket, '429 Too Many Requests');
    sockets.handleUpgrade(request, socket, head, (ws) => serveSocket(protocol, ws, request, parts.log));
  });
  return (graceMs) => closeSockets(sockets, graceMs);
}

async function closeSockets(sockets: WebSocketServer, graceMs: number): Promise<void> {
  for (const socket of sockets.clients) socket.close(goingAway, 'Going away');
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, graceMs);
  await new Promise((resolve) => sockets.close(resolve));
  clearTimeout(cut);
}

/** Browsers cannot set headers on a WebSocket, so the key comes as `authorization` in the connection parameters. */
function contextOf(
  parts: GraphqlParts,
  params: Readonly<Record<string, unknown>> | undefined,
  request: IncomingMessage,
  peers: Peers,
): RequestContext {
  const given = params?.authorization ?? params?.Authorization ?? request.headers.authorization;
  const authorization = typeof given === 'string' ? given : undefined;
  const { origin } = request.headers;
  const networks = peers.networksOf(request);
  return requestContext(parts, { authorization, userToken: undefined, origin, networks });
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

function formatted(errors: readonly GraphQLError[], parts: GraphqlParts): GraphQLError[] {
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
