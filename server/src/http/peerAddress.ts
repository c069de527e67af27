import type { IncomingMessage } from 'node:http';

/**
 * Where a request comes from, by the rule of express' "trust proxy" with a number: so many proxies in front of us have
 * each appended the address they saw to X-Forwarded-For.
 */
export function peerAddress(request: IncomingMessage, trustedProxies: number): string | undefined {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const hops = [request.socket.remoteAddress, ...forwarded.reverse().map((each) => each.trim())];
  const known = hops.filter((address) => address !== '');
  return known[Math.min(trustedProxies, known.length - 1)];
}
