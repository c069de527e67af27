import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** A GraphQL request as a page or a service worker sent it. */
export interface GraphqlCall {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly authorization: string | undefined;
  readonly user: string | undefined;
}

/** Serves a built site, client/dist by default, as the API process does, under the strictest policy it works with, and plays the API. */
export interface ClientSite {
  readonly origin: string;
  readonly calls: GraphqlCall[];
  close(): Promise<void>;
}

/** A GraphQL answer as the played API gives it. */
export interface GraphqlAnswer {
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

/** What the played API answers to a call; undefined breaks the connection, as a network that is down. */
export type AnswerGraphql = (call: GraphqlCall) => GraphqlAnswer | undefined | Promise<GraphqlAnswer>;

const dist = join(__dirname, '../../../../client/dist');

const contentTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
};

const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
].join('; ');

/**
 * Starts on a free port of localhost, which browsers take for a secure context.
 * @param files an app's own, by path, beside those of the folder
 */
export async function startClientSite(
  answer: AnswerGraphql,
  folder = dist,
  files: Record<string, string> = {},
): Promise<ClientSite> {
  const calls: GraphqlCall[] = [];
  const server = createServer((request, response) => {
    const handle = request.method === 'POST' ? answerCall(calls, answer) : sendFileOf(folder, files);
    handle(request, response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://localhost:${port}`, calls, close };
}

function answerCall(calls: GraphqlCall[], answer: AnswerGraphql) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization, 'x-fanfare-user': user } = request.headers;
    const call = { ...JSON.parse(Buffer.concat(chunks).toString()), authorization, user };
    calls.push(call);
    const body = await answer(call);
    if (!body) return void request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

function sendFileOf(folder: string, files: Record<string, string>) {
  return (request: IncomingMessage, response: ServerResponse) => sendFile(folder, files, request, response);
}

async function sendFile(
  folder: string,
  files: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/demo/config.json') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ url: '/graphql', key: 'fp_test', sendKey: 'fs_test' }));
    return;
  }
  const path = join(folder, normalize(pathname), pathname.endsWith('/') ? 'index.html' : '');
  const body = files[pathname] ?? (await readFile(path));
  response.writeHead(200, {
    'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'service-worker-allowed': '/',
    'cache-control': 'no-cache',
  });
  response.end(body);
}
