import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { GraphqlParts, RequestContext } from '../graphql/context';
import { errorBody, type Fault, faultOf } from './answerFault';
import { endIfUnread } from './connectionLimits';
import { readJson } from './readJson';

export interface AnswerParts {
  readonly apollo: ApolloServer<RequestContext>;
  /** @param body the parsed body of the request */
  readonly contextOf: (request: IncomingMessage, body: unknown) => Promise<RequestContext>;
  /** What every answer carries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Until the client has taken the answer. */
  readonly answerTimeoutMs: number;
  readonly log: GraphqlParts['log'];
}

/**
 * Answers a POST to /graphql without express, whose router and helpers, called for each request anew, cost as much as
 * GraphQL itself.
 */
export async function answerGraphql(
  parts: AnswerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, headers: OutgoingHttpHeaders, body: string): void => {
    if (response.headersSent) return;
    endIfUnread(request, response, parts.answerTimeoutMs);
    const length = { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...parts.headers, ...headers, ...length }).end(body);
  };
  const sendFault = ({ status, code, message }: Fault): void =>
    send(
      status,
      { 'content-type': 'application/json; charset=utf-8' },
      JSON.stringify(errorBody(code, message)),
    );
  const timer = setTimeout(() => sendFault(tookTooLong), parts.timeoutMs);
  response.once('close', () => clearTimeout(timer));
  try {
    const body = await readJson(request, response);
    const answer = await parts.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers: headersOf(request), search: searchOf(request), body },
      context: () => parts.contextOf(request, body),
    });
    if (answer.body.kind !== 'complete') throw new Error('An answer came in parts.');
    send(answer.status ?? 200, Object.fromEntries(answer.headers), answer.body.string);
  } catch (error) {
    sendFault(faultOf(error, parts.log));
  }
}

const tookTooLong: Fault = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'This took too long; try again.',
};

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function searchOf({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
