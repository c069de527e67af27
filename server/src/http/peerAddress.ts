import type { IncomingMessage } from 'node:http';
import { parseAddress } from '../graphql/admission/peerNetworks';

/**
 * Where a request comes from, by the rule of express' "trust proxy" with a number: so many proxies in front of us have
 * each appended the address they saw to X-Forwarded-For.
 * @returns the text as it stands there, also where a proxy appended something else than an address
 */
export function peerAddress(request: IncomingMessage, trustedProxies: number): string | undefined {
  const header = request.headers['x-forwarded-for'];
  const forwarded = header === undefined ? [] : [header].flat().join(',').split(',');
  const hops = [request.socket.remoteAddress, ...forwarded.reverse().map((each) => each.trim())];
  return hops[Math.min(trustedProxies, hops.length - 1)];
}

/** Whether an address is this machine's own, IPv4 within IPv6 included. */
export function isLoopback(address: string | undefined): boolean {
  return parseAddress(address)?.range() === 'loopback';
}

/** Headers that only a proxy adds. */
const proxyHeaders = ['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip'];

/** No browser speaks HTTP/1.0; some proxies do unless told otherwise, and say nothing else of themselves. */
export function isProxied({
  headers,
  httpVersion,
}: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean {
  const names = Object.keys(headers);
  return (
    httpVersion === '1.0' ||
    names.some((name) => name.startsWith('x-forwarded-') || proxyHeaders.includes(name))
  );
}
