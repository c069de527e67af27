import type { IncomingMessage } from 'node:http';
import type { PeerNetwork, PeerNetworks } from '../graphql/admission/peerNetworks';
import type { Log } from '../observe/log';
import { isLoopback, isProxied, peerAddress } from './peerAddress';

export interface PeersOptions {
  readonly networks: PeerNetworks;
  readonly trustedProxies: number;
  readonly log: Log;
}

/** Says what a request is counted by, over HTTP and WebSocket alike. */
export class Peers {
  readonly #options: PeersOptions;
  #hasWarned = false;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /**
   * Programs on this machine (health checks, the demo, tests) are not counted. A loopback address with a proxy's
   * header is a proxy on this machine that FANFARE_TRUSTED_PROXIES does not know of: then every caller comes from there, and
   * all share one limit.
   */
  networksOf(request: IncomingMessage): readonly PeerNetwork[] {
    const { networks, trustedProxies } = this.#options;
    const address = peerAddress(request, trustedProxies);
    if (isLoopback(address)) {
      if (!isProxied(request)) return [];
      this.#warn();
    }
    return networks.of(address);
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { log, trustedProxies } = this.#options;
    log.warn(
      { trustedProxies },
      'requests come through a proxy on this machine, so all callers share the limits of one address: set FANFARE_TRUSTED_PROXIES to the number of proxies in front of the API',
    );
  }
}
