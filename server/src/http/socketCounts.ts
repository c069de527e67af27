import type { Duplex } from 'node:stream';

/** Of one address at a time. */
const maxSockets = 100;

/** How many WebSockets each address has open. */
export class SocketCounts {
  readonly #open = new Map<string, number>();

  /**
   * Counts a socket until it closes.
   * @param network what `networkOf` calls the address; undefined is not counted
   * @returns false when the address has as many as it may
   */
  admit(network: string | undefined, socket: Duplex): boolean {
    if (network === undefined) return true;
    const open = this.#open.get(network) ?? 0;
    if (open >= maxSockets) return false;
    this.#open.set(network, open + 1);
    socket.once('close', () => this.#leave(network));
    return true;
  }

  #leave(network: string): void {
    const left = (this.#open.get(network) ?? 1) - 1;
    if (left > 0) this.#open.set(network, left);
    else this.#open.delete(network);
  }
}
