import { readFileSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { browserIndexOf } from '../../bench/simulatedBrowser';
import type { Arrival } from '../matchArrivals';
import { answerAt } from './vendorAnswers';
import type { VendorOrder, VendorReport } from './vendorServiceProcess';

/*
 * The process of the vendors' push services. In: POSTs for every simulated host, and orders of the parent process.
 * Out: answers by path (vendorAnswers.ts) or, for a VAPID key that was flagged, 429; and reports of what was accepted.
 * Started by `startVendorService`.
 */

const { CHAOS_KEY_FILE = '', CHAOS_CERT_FILE = '' } = process.env;
/** A push service is not on the same machine. */
const delayMs = 10;
const flaggedForSeconds = 3_600;

let urgent: Arrival[] = [];
let answered: Record<string, number> = {};
let flaggedKeys: readonly string[] = [];

const server = createSecureServer({
  key: readFileSync(CHAOS_KEY_FILE),
  cert: readFileSync(CHAOS_CERT_FILE),
  settings: { maxConcurrentStreams: 250 },
});
server.on('sessionError', () => undefined);
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined);
  stream.resume();
  stream.on('end', () => setTimeout(() => answer(stream, headers), delayMs));
});

function answer(stream: ServerHttp2Stream, headers: NodeJS.Dict<string | string[]>): void {
  if (stream.destroyed) return;
  const path = String(headers[':path']);
  const treatment = isFlagged(String(headers.authorization)) ? tooMany : answerAt(path);
  count(treatment === 'well' ? '201' : treatment === undefined ? 'none' : String(treatment.status));
  if (treatment === undefined) return;
  if (treatment === 'well') {
    const atNs = String(process.hrtime.bigint());
    if (headers.urgency === 'high') urgent.push({ index: browserIndexOf(path), atNs });
    stream.respond({ ':status': 201, location: '/m/1' }, { endStream: true });
    return;
  }
  const retryAfter = treatment === tooMany ? { 'retry-after': String(flaggedForSeconds) } : {};
  stream.respond({ ':status': treatment.status, ...retryAfter });
  stream.end(treatment.body);
}

const tooMany = { status: 429, body: '' };

/** RFC 8292: `vapid t=<token>, k=<public key>`. */
function isFlagged(authorization: string): boolean {
  return flaggedKeys.some((key) => authorization.includes(`k=${key}`));
}

function count(status: string): void {
  answered[status] = (answered[status] ?? 0) + 1;
}

function obey(order: VendorOrder): VendorReport | Record<string, never> {
  if (order.kind === 'report') return { urgent, answered };
  if (order.kind === 'flag') flaggedKeys = order.vapidPublicKeys;
  else {
    urgent = [];
    answered = {};
  }
  return {};
}

process.on('message', (order: VendorOrder) => void process.send?.(obey(order)));
process.on('disconnect', () => process.exit(0));
// a Ctrl-C at the terminal is for the parent, which then disconnects
process.on('SIGINT', () => undefined);

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
