import { parseUrl } from '../model/url/parseUrl';
import { hostMatches, vendorPushServices } from './pushServiceName';

/**
 * Which push services this server may connect to. `listed`: the browser vendors' and `hosts`. `any-public-host`:
 * every public one, for user agents whose push service is a person's own (UnifiedPush); only the check of the
 * addresses then stands between a subscriber and the network we live in.
 */
export interface PushHostPolicy {
  readonly mode: 'listed' | 'any-public-host';
  /** Host names, lower case; one with a leading dot stands for every host below it. */
  readonly hosts: readonly string[];
  /** `host:port`: plain http, this port and a private address are allowed there. For development. */
  readonly privateHosts: readonly string[];
}

/** The vendors' push services and no other. */
export const vendorsOnly: PushHostPolicy = { mode: 'listed', hosts: [], privateHosts: [] };

/** Labels of letters, digits and hyphens, `*.` before them at the most. */
const hostEntry = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** The same, a single label included, or an address in brackets; and a port. */
const privateEntry =
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]):([0-9]{1,5})$/;

/** The entry that opens every public host. */
const anyPublicHost = 'any-public-host';

/**
 * Reads FANFARE_PUSH_HOSTS: `push.example.org`, `*.example.org`, `localhost:9443` and `any-public-host`, comma
 * separated.
 *
 * @throws Error naming the entry that is none of these
 */
export function parsePushHosts(value: string): PushHostPolicy {
  const given = value
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const entries = given.filter((entry) => entry !== anyPublicHost);
  const mode = given.includes(anyPublicHost) ? anyPublicHost : 'listed';
  const privateHosts = entries.filter((entry) => privateEntry.test(entry));
  const hosts = entries.filter((entry) => !privateHosts.includes(entry)).map(hostPattern);
  return { mode, hosts, privateHosts: privateHosts.map(normalisedHostPort) };
}

/** True when `host:port` may be reached by plain http and at a private address. */
export function permitsPrivateAddress(policy: PushHostPolicy, hostname: string, port: number): boolean {
  return policy.privateHosts.includes(`${hostname}:${port}`);
}

/** True when the name is on the vendors' list or on our own. */
export function isListedHost(policy: PushHostPolicy, hostname: string): boolean {
  return listing(policy, hostname) !== undefined;
}

/** How a name is listed: in full, or below a wildcard; undefined when it is not. */
export function listing(policy: PushHostPolicy, hostname: string): 'exact' | 'wildcard' | undefined {
  const patterns = [...vendorPushServices.map(({ host }) => host), ...policy.hosts];
  if (patterns.includes(hostname)) return 'exact';
  return patterns.some((pattern) => hostMatches(pattern, hostname)) ? 'wildcard' : undefined;
}

function hostPattern(entry: string): string {
  const numeric = /\.[0-9]+$/.test(entry);
  if (!hostEntry.test(entry) || numeric) {
    throw new Error(`"${entry}" is no push host: write push.example.org, *.example.org or localhost:9443`);
  }
  return entry.startsWith('*.') ? entry.slice(1) : entry;
}

function normalisedHostPort(entry: string): string {
  const port = Number(entry.slice(entry.lastIndexOf(':') + 1));
  if (port < 1 || !parseUrl(`ws://${entry}`)) {
    throw new Error(`"${entry}" is no host:port`);
  }
  return `${new URL(`ws://${entry}`).hostname}:${port}`;
}
