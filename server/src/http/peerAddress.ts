import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

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

/** Whether an address is this machine's own, IPv4 within IPv6 included. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
