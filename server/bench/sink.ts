import { readFileSync } from 'node:fs';
import { createServer as createHttp1Server, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { decryptMessage } from '../src/localPushService/userAgent/decryptMessage';
import { VapidVerifier } from '../src/localPushService/verifyVapid';
import { browserIndexOf, simulatedBrowser } from './simulatedBrowser';
import type { SinkOrder, SinkReport } from './sinkProcess';

/*
 * A push service that takes everything: TLS with HTTP/2 and HTTP/1.1, as little work per POST as can be. In: POSTs to
 * the endpoints of simulated browsers, and orders of the parent process. Out: 201s, and a report when asked. One POST
 * in `verifyOneIn` is treated as a browser and a careful push service would: VAPID verified, payload decrypted.
 */

interface Exchange {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined unless the body was asked for. */
  readonly body: Buffer | undefined;
}

const { SINK_KEY_FILE = '', SINK_CERT_FILE = '', SINK_VERIFY_ONE_IN = '0' } = process.env;
const verifyOneIn = Number(SINK_VERIFY_ONE_IN);
const verifier = new VapidVerifier();
const maxFaults = 10;

let origin = '';
let delayMs = 0;
let seen = new Uint8Array(0);
let report = emptyReport();

function emptyReport(): SinkReport {
  return { posts: 0, distinct: 0, faulty: 0, verified: 0, faults: [], urgent: [] };
}

/** Whether the next POST is one to be looked into. */
function isVerified(): boolean {
  return verifyOneIn > 0 && report.posts % verifyOneIn === 0;
}

function take(exchange: Exchange): number {
  const index = browserIndexOf(exchange.path);
  const now = process.hrtime.bigint();
  const fault = faultOf(exchange, index);
  if (fault !== undefined) {
    report.faulty += 1;
    if (report.faults.length < maxFaults) report.faults.push(fault);
    return 400;
  }
  if (exchange.headers.urgency === 'high') report.urgent.push({ index, atNs: String(now) });
  else count(index, now);
  return 201;
}

function count(index: number, now: bigint): void {
  report.posts += 1;
  report.firstPostAtNs ??= String(now);
  if (index < seen.length && seen[index] === 0) {
    seen[index] = 1;
    report.distinct += 1;
  }
}

function faultOf(exchange: Exchange, index: number): string | undefined {
  const { method, headers, body } = exchange;
  if (method !== 'POST') return 'not a POST';
  if (!Number.isInteger(index)) return 'no such endpoint';
  if (headers.ttl === undefined) return 'no TTL';
  if (headers['content-encoding'] !== 'aes128gcm') return 'no aes128gcm';
  if (!headers.authorization?.startsWith('vapid t=')) return 'no VAPID';
  return body === undefined ? undefined : deepFaultOf(headers.authorization, body, index);
}

function deepFaultOf(authorization: string, body: Buffer, index: number): string | undefined {
  report.verified += 1;
  try {
    verifier.check(authorization, origin);
  } catch (error) {
    return `VAPID: ${(error as Error).message}`;
  }
  const decryption = decryptMessage(body, simulatedBrowser(index));
  if ('failure' in decryption) return `decryption: ${decryption.failure}`;
  try {
    JSON.parse(decryption.plaintext.toString());
    return undefined;
  } catch {
    return 'the plaintext is no JSON';
  }
}

function afterDelay(answer: () => void): void {
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
}

interface ByteSource {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  resume(): unknown;
}

function receive(source: ByteSource, wanted: boolean, onBody: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  if (wanted) source.on('data', (chunk) => chunks.push(chunk));
  else source.resume();
  source.on('end', () => onBody(wanted ? Buffer.concat(chunks) : undefined));
}

const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 250 } });
http2.on('stream', (stream: ServerHttp2Stream, headers) => {
  stream.on('error', () => undefined);
  receive(stream, isVerified(), (body) => {
    const status = take({ path: headers[':path'] ?? '', method: headers[':method'] ?? '', headers, body });
    afterDelay(() => {
      if (!stream.destroyed)
        stream.respond({ ':status': status, location: `${origin}/m/1` }, { endStream: true });
    });
  });
});
http2.on('sessionError', () => undefined);

const http1 = createHttp1Server((request, response) => {
  const { url = '', method = '', headers } = request;
  receive(request, isVerified(), (body) => {
    const status = take({ path: url, method, headers, body });
    afterDelay(() => response.writeHead(status, { location: `${origin}/m/1`, 'content-length': 0 }).end());
  });
});
http1.keepAliveTimeout = 60_000;

const tls = createTlsServer({
  key: readFileSync(SINK_KEY_FILE),
  cert: readFileSync(SINK_CERT_FILE),
  ALPNProtocols: ['h2', 'http/1.1'],
});
tls.on('tlsClientError', () => undefined);
tls.on('secureConnection', (socket) => {
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
});

process.on('message', (order: SinkOrder) => {
  if (order.kind === 'begin') {
    seen = new Uint8Array(order.browsers);
    delayMs = order.delayMs;
    report = emptyReport();
  }
  process.send?.(order.kind === 'begin' ? { begun: true } : report);
});
process.on('disconnect', () => process.exit(0));
// a Ctrl-C at the terminal is for the benchmark, which then disconnects
process.on('SIGINT', () => undefined);

tls.listen(0, '127.0.0.1', () => {
  const { port } = tls.address() as AddressInfo;
  origin = `https://localhost:${port}`;
  process.send?.({ port });
});
