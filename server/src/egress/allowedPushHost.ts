import { isIP } from 'node:net';
import { parseUrl } from '../model/url/parseUrl';
import { isListedHost, type PushHostPolicy, permitsPrivateAddress } from './pushHostPolicy';
import { pushServiceName } from './pushServiceName';

/**
 * Egress: everything between an address a stranger gave us and a connection to it.
 *
 * Enters: a push endpoint out of a browser (hostile until checked) and the operator's policy. Leaves: the same
 * endpoint in parts, or the fault it has. Called when a push subscription is registered, and again by the
 * connect guard for each new connection, which also looks at the addresses (`guardedLookup`). Never throws.
 */
const maxEndpointBytes = 2048;

/** An endpoint that may be posted to. `endpoint` = `origin` + `path`. */
export interface AllowedPushEndpoint {
  readonly allowed: true;
  /** The endpoint as a browser serialises it: what to store. */
  readonly endpoint: string;
  /** Scheme, host and port unless it is the scheme's own: VAPID's `aud` (RFC 8292 section 2). */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Host, with the port unless it is the scheme's own. */
  readonly host: string;
  readonly pushService: string;
}

/** `malformed` is a bad input; the others are endpoints we will not connect to. */
export interface RefusedPushEndpoint {
  readonly allowed: false;
  readonly fault: PushEndpointFault;
  /** A sentence for the caller; holds nothing of the endpoint. */
  readonly message: string;
}

export type PushEndpointFault = keyof typeof faults;

const faults = {
  malformed: 'The endpoint is not an absolute URL of printable ASCII characters',
  'too-long': `The endpoint is longer than ${maxEndpointBytes} bytes`,
  scheme: 'The endpoint is not an https URL',
  port: 'The endpoint is on a port other than 443',
  userinfo: 'The endpoint carries user information',
  fragment: 'The endpoint carries a fragment',
  'ip-address': 'The endpoint names an IP address instead of a host',
  host: 'The push service of the endpoint is not on the list of allowed hosts',
} as const;

/**
 * Looks at a push endpoint when it is handed in: https, port 443, no user information, no fragment, at most
 * 2048 bytes, a host name that the policy allows. A `host:port` the operator named is exempt from the rules on
 * scheme, port and address.
 */
export function checkPushEndpoint(
  endpoint: string,
  policy: PushHostPolicy,
): AllowedPushEndpoint | RefusedPushEndpoint {
  if (endpoint.length > maxEndpointBytes) return refused('too-long');
  // The URL parser would quietly drop tabs and newlines and turn backslashes round.
  if (!/^[\x21-\x7e]+$/.test(endpoint) || endpoint.includes('\\')) return refused('malformed');
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(endpoint) ? parseUrl(endpoint) : undefined;
  if (!url) return refused('malformed');
  if (url.href.length > maxEndpointBytes) return refused('too-long');
  const fault = faultOf(url, endpoint, policy);
  return fault === undefined ? allowed(url) : refused(fault);
}

function faultOf(url: URL, endpoint: string, policy: PushHostPolicy): PushEndpointFault | undefined {
  const isPrivateHost = permitsPrivateAddress(policy, url.hostname, portOf(url));
  if (url.protocol !== 'https:' && !(isPrivateHost && url.protocol === 'http:')) return 'scheme';
  if (authorityOf(endpoint).includes('@')) return 'userinfo';
  if (endpoint.includes('#')) return 'fragment';
  if (isPrivateHost) return undefined;
  if (isAddressLiteral(url.hostname)) return 'ip-address';
  if (url.port !== '') return 'port';
  return isAllowedName(url.hostname, policy) ? undefined : 'host';
}

/** Letters, digits and hyphens (RFC 1123 section 2.1): URLs take much more for a host name, the rest of us does not. */
const hostName = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** As long as the name of a push service may be in the database. */
const maxHostLength = 100;

function isAllowedName(hostname: string, policy: PushHostPolicy): boolean {
  if (hostname.length > maxHostLength || !hostName.test(hostname)) return false;
  if (isListedHost(policy, hostname)) return true;
  return policy.mode === 'any-public-host' && isPublicName(hostname);
}

/** A dotted name outside the zones that by definition are nobody's on the public network. */
function isPublicName(hostname: string): boolean {
  return (
    /\.[a-z][a-z0-9-]*[a-z0-9]$/.test(hostname) &&
    !/\.(localhost|local|localdomain|internal|intranet|lan|home|corp|test|invalid|onion|arpa)$/.test(hostname)
  );
}

/** True for an IPv4 or IPv6 address in the form URL.hostname gives it (IPv6 in brackets). */
export function isAddressLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0;
}

/** The port a URL connects to. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'http:' ? 80 : 443;
}

function authorityOf(endpoint: string): string {
  return endpoint.slice(endpoint.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? '';
}

function allowed(url: URL): AllowedPushEndpoint {
  const { origin, host, href } = url;
  return {
    allowed: true,
    endpoint: href,
    origin,
    path: href.slice(origin.length),
    host,
    pushService: pushServiceName(host),
  };
}

function refused(fault: PushEndpointFault): RefusedPushEndpoint {
  return { allowed: false, fault, message: faults[fault] };
}
