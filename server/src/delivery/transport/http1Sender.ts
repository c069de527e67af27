import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Exchange } from './exchange';
import { failureOf } from './failureOf';
import { addressOf, type ConnectOptions } from './tlsConnect';

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
    try {
      this.start(exchange);
    } catch {
      // A header or path that HTTP cannot carry.
      exchange.fail('protocol');
    }
  }

  close(): void {
    this.agent.destroy();
  }

  /** A request has its socket before that is connected; what it writes leaves at that moment. */
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

  private start(exchange: Exchange): void {
    const { path, headers, body } = exchange.post;
    const request = this.request({
      ...this.target,
      path,
      method: 'POST',
      agent: this.agent,
      headers: { ...headers, 'content-length': body.length },
    });
    exchange.cancel = () => request.destroy();
    let hasLeft = false;
    exchange.hasLeft = () => hasLeft;
    request.on('socket', (socket) => {
      this.whenReady(socket, () => {
        hasLeft = true;
      });
    });
    request.on('response', (response) => receive(response, exchange));
    request.on('error', (error) => exchange.fail(failureOf(error, 'reset')));
    request.end(body);
  }
}

function receive(response: IncomingMessage, exchange: Exchange): void {
  exchange.begin(response.statusCode ?? 0, response.headers);
  response.on('data', (chunk: Buffer) => exchange.append(chunk));
  response.on('end', () => exchange.finish());
  response.on('error', () => exchange.fail('reset'));
}
