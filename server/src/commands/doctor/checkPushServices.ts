import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Config } from '../../config';
import { ConnectGuard } from '../../egress/guardedLookup';
import type { PushFailureName } from '../../model/pushAnswer';
import { failureOf } from '../../webPush/transport/failureOf';
import { secureContextWith, TlsConnector } from '../../webPush/transport/tlsConnector';
import { type Finding, fault, note, ok } from './finding';

const connectTimeoutMs = 4_000;

const remedies: Partial<Record<PushFailureName, string>> = {
  dns: 'its name does not resolve from here',
  refused: 'it refuses the connection, or there is no route to it',
  timeout: 'nothing answers; allow outgoing connections to port 443',
  tls: 'its certificate is not trusted; a proxy that inspects TLS needs its CA in FANFARE_PUSH_CA_FILE',
  'blocked-address': 'its address is not public',
};

/** Resolves and connects to each push service whose host is known, over the path that deliveries take. */
export async function checkPushServices(config: Config, vendorHosts: readonly string[]): Promise<Finding[]> {
  const { hosts, privateHosts } = config.pushHosts;
  // a pattern for many hosts names none of them
  const named = [...vendorHosts, ...hosts].filter((host) => !host.startsWith('.'));
  const failures = await Promise.all([
    ...named.map(async (host) => ({ host, failure: await tlsFailure(config, host) })),
    ...privateHosts.map(async (host) => ({ host, failure: await tcpFailure(host) })),
  ]);
  const failed = failures.filter(({ failure }) => failure !== undefined);
  // a development machine may well be without a network
  const verdict = config.production ? fault : note;
  const findings = failed.map(({ host, failure }) =>
    verdict(`The push service ${host} cannot be reached: ${(failure && remedies[failure]) ?? failure}.`),
  );
  return failed.length < failures.length
    ? [
        ok(`${failures.length - failed.length} of ${failures.length} push services can be reached.`),
        ...findings,
      ]
    : findings;
}

async function tlsFailure(config: Config, host: string): Promise<PushFailureName | undefined> {
  const origin = `https://${host}`;
  const abort = new AbortController();
  const extraCa = config.pushCaFile === undefined ? undefined : readFileSync(config.pushCaFile);
  const guard = new ConnectGuard(config.pushHosts);
  const options = { secureContext: secureContextWith(extraCa), connectTimeoutMs };
  try {
    const socket = await new TlsConnector(origin, options, abort.signal).connect(guard.lookupFor(origin));
    socket.destroy();
    return undefined;
  } catch (error) {
    return failureOf(error, 'refused');
  }
}

/** A development host may speak http or https. */
function tcpFailure(hostPort: string): Promise<PushFailureName | undefined> {
  const { hostname, port } = new URL(`ws://${hostPort}`);
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || 80), timeout: connectTimeoutMs });
    const end = (failure?: PushFailureName) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('timeout'));
    socket.once('error', (error) => end(failureOf(error, 'refused')));
  });
}
