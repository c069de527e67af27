import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { pushHeaders } from '../pushRequest';
import type { Exchange } from './exchange';
import { failureOf } from './failureOf';
import { Http1Reads } from './http1Reads';
import { addressOf, type ConnectOptions, limitTickets } from './tlsConnector';

const freeSocketTimeoutMs = 60_000;

/**
 * Posts over kept HTTP/1.1 connections to one origin: for push services that do not speak HTTP/2, and for plain
 * http in development.
 */
export class Http1Sender {
  private readonly agent: Agent;
  private readonly request: typeof httpRequest;
  private readonly target: { host: string; port: number };
  private readonly readyEvent: 'connect' | 'secureConnect';
  private readonly readySockets = new WeakSet<Socket>();
  private readonly reads = new WeakMap<Socket, Http1Reads>();

  constructor(origin: string, lookup: LookupFunction, options: ConnectOptions) {
    const { host, port, servername } = addressOf(origin);
    const isPlain = origin.startsWith('http:');
    const keep = {
      keepAlive: true,
      maxSockets: options.maxHttp1Connections,
      timeout: freeSocketTimeoutMs,
      lookup,
    };
    this.target = { host, port };
    this.readyEvent = isPlain ? 'connect' : 'secureConnect';
    this.agent = isPlain
      ? new Agent(keep)
      : new HttpsAgent({
          ...keep,
          servername,
          secureContext: options.secureContext,
          ALPNProtocols: ['http/1.1'],
        });
    this.request = isPlain ? httpRequest : httpsRequest;
  }

  send(exchange: Exchange): void {
    failOnInvalidRequest(exchange, () => this.start(exchange));
  }

  close(): void {
    this.agent.destroy();
  }

  /** A request has its socket before that is connected. */
  private whenReady(socket: Socket, begin: () => void): void {
    if (this.readySockets.has(socket)) {
      begin();
      return;
    }
    socket.once(this.readyEvent, () => {
      this.readySockets.add(socket);
      begin();
    });
  }

  private readsOf(socket: Socket): Http1Reads {
    const known = this.reads.get(socket);
    if (known !== undefined) return known;
    limitTickets(socket);
    const reads = new Http1Reads(socket);
    this.reads.set(socket, reads);
    return reads;
  }

  private start(exchange: Exchange): void {
    const { path } = exchange.post;
    const request = this.request({ ...this.target, path, method: 'POST', agent: this.agent });
    exchange.cancel = () => request.destroy();
    let hasLeft = false;
    exchange.hasLeft = () => hasLeft;
    const onExcess = () => exchange.fail('protocol');
    request.on('information', () => exchange.countInterim());
    request.on('socket', (socket) => {
      const reads = this.readsOf(socket);
      reads.begin(onExcess);
      request.once('close', () => reads.end(onExcess));
      this.whenReady(socket, () => {
        hasLeft = true;
        failOnInvalidRequest(exchange, () => leave(request, exchange));
      });
    });
    request.on('response', (response) => receive(response, exchange));
    request.on('error', (error) => exchange.fail(failureOf(error, 'reset')));
  }
}

/** Whatever waited is over: only now is it known what is left of the TTL. */
function leave(request: ClientRequest, exchange: Exchange): void {
  const { post } = exchange;
  const now = Date.now();
  if (!exchange.mayLeave(now)) return;
  for (const [name, value] of Object.entries(pushHeaders(post, now))) {
    if (value !== undefined) request.setHeader(name, value);
  }
  request.setHeader('content-length', post.body.length);
  request.end(post.body);
}

/** A header or path that HTTP cannot carry. */
function failOnInvalidRequest(exchange: Exchange, work: () => void): void {
  try {
    work();
  } catch {
    exchange.fail('protocol');
  }
}

function receive(response: IncomingMessage, exchange: Exchange): void {
  exchange.begin(response.statusCode ?? 0, response.headers);
  response.on('data', (chunk: Buffer) => exchange.append(chunk));
  response.on('end', () => exchange.finish());
  response.on('error', () => exchange.fail('reset'));
}
