import type { Duplex } from 'node:stream';
import type { PeerNetwork } from '../../graphql/admission/peerNetworks';

/** How many sockets each network has open. */
export class SocketCounts {
  readonly #open = new Map<string, number>();

  /** @param limit of one address; wider networks have a multiple of it */
  constructor(private readonly limit: number) {}

  /**
   * Counts a socket until it closes.
   * @returns false when one of its networks has as many as it may
   */
  admit(networks: readonly PeerNetwork[], socket: Duplex): boolean {
    const counted = networks.filter(({ subscribesOnly }) => !subscribesOnly);
    if (counted.some(({ name, factor }) => (this.#open.get(name) ?? 0) >= this.limit * factor)) return false;
    for (const { name } of counted) this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    socket.once('close', () => {
      for (const { name } of counted) this.#leave(name);
    });
    return true;
  }

  #leave(network: string): void {
    const left = (this.#open.get(network) ?? 1) - 1;
    if (left > 0) this.#open.set(network, left);
    else this.#open.delete(network);
  }
}
