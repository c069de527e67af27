import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { GraphqlDeps, RequestContext } from '../graphql/context';
import { startDeadline } from '../model/deadline';
import { errorBody, type Fault, faultOf } from './answerFault';
import { type AnswerDeadline, endIfUnread } from './connectionLimits';
import { readJson } from './readJson';

export interface AnswerDeps {
  readonly apollo: ApolloServer<RequestContext>;
  /** @param body the parsed body of the request */
  readonly contextOf: (request: IncomingMessage, body: unknown) => Promise<RequestContext>;
  /** What every answer carries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly answerDeadline: AnswerDeadline;
  readonly log: GraphqlDeps['log'];
}

/** What /graphql answers. */
export const allowedMethods = 'GET, POST, OPTIONS';
/** The same document fits into a POST of 256 kB. */
const maxUrlLength = 8_192;

/**
 * Answers a POST or GET to /graphql without express, whose router and helpers, called for every request, cost as much as
 * GraphQL itself.
 */
export async function answerGraphql(
  parts: AnswerDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, headers: OutgoingHttpHeaders, body: string): void => {
    if (response.headersSent) return;
    endIfUnread(request, response, parts.answerDeadline);
    const length = { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...parts.headers, ...headers, ...length }).end(body);
  };
  const sendFault = ({ status, code, message }: Fault): void =>
    send(
      status,
      { 'content-type': 'application/json; charset=utf-8' },
      JSON.stringify(errorBody(code, message)),
    );
  const deadline = startDeadline(parts.timeoutMs, () => sendFault(tookTooLong));
  response.once('close', () => deadline.cancel());
  try {
    const isGet = request.method === 'GET';
    const fault = isGet ? getFault(request) : undefined;
    if (fault) return sendFault(fault);
    const search = searchOf(request);
    const body = isGet ? undefined : await readJson(request, response);
    const answer = await parts.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: isGet ? 'GET' : 'POST', headers: headersOf(request), search, body },
      context: () => parts.contextOf(request, isGet ? Object.fromEntries(new URLSearchParams(search)) : body),
    });
    if (answer.body.kind !== 'complete') throw new Error('An answer came in parts.');
    const { status = 200 } = answer;
    const headers = {
      ...Object.fromEntries(answer.headers),
      ...(status === 405 && { allow: allowedMethods }),
    };
    send(status, headers, answer.body.string);
  } catch (error) {
    sendFault(faultOf(error, parts.log));
  }
}

/** Without the header a link, an image or a form of another site could ask. */
function getFault({ url = '', headers }: IncomingMessage): Fault | undefined {
  if (url.length > maxUrlLength) {
    return { status: 414, code: 'PAYLOAD_TOO_LARGE', message: 'The URL is longer than 8 kB: use POST.' };
  }
  if (headers.authorization) return undefined;
  const message = 'GET takes queries with an Authorization header: use POST.';
  return { status: 400, code: 'BAD_USER_INPUT', message };
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
