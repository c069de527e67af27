import type { WebSocket } from 'ws';
import type { Caller } from '../../graphql/admission/caller';
import { endSocket } from './endSocket';

/** How many sockets may be open, by what is known of their caller. Each kind of caller has limits of its own. */
export interface SocketLimits {
  /** Sockets with a secret key: of the process, and of one application. */
  readonly secret: number;
  readonly secretPerApplication: number;
  /** Sockets that have not sent `connection_init` with a valid key yet: they have 3 seconds. */
  readonly pending: number;
}

/** RFC 6455 section 7.4.1 and the registry of its section 11.7 */
export const tryAgainLater = 1013;

interface Identified {
  readonly authorization: string;
  readonly applicationId: number;
}

/** The WebSockets of this process. */
export class OpenSockets {
  /** With the network each comes from, in the order in which they came. */
  readonly #pending = new Map<WebSocket, string>();
  readonly #identified = new Map<WebSocket, Identified>();

  constructor(private readonly limits: SocketLimits) {}

  /**
   * Counts a new socket until it closes. When too many are pending, the oldest of the network with the most makes room:
   * a client with a key sends it at once, so a flood of silent sockets keeps nobody else out.
   * @param network names where it comes from
   */
  add(socket: WebSocket, network: string): void {
    if (this.#pending.size >= this.limits.pending) this.#makeRoom();
    this.#pending.set(socket, network);
    socket.once('close', () => {
      this.#pending.delete(socket);
      this.#identified.delete(socket);
    });
  }

  #makeRoom(): void {
    const sizes = new Map<string, number>();
    for (const network of this.#pending.values()) sizes.set(network, (sizes.get(network) ?? 0) + 1);
    const most = Math.max(...sizes.values());
    for (const [oldest, network] of this.#pending) {
      if (sizes.get(network) !== most) continue;
      this.#pending.delete(oldest);
      oldest.terminate();
      return;
    }
  }

  /** @returns false when its application, or all together, have as many as they may: then it is ended */
  identify(socket: WebSocket, caller: Caller, authorization: string): boolean {
    const { applicationId } = caller;
    const ofApplication = [...this.#identified.values()].filter(
      (each) => each.applicationId === applicationId,
    );
    const { secret, secretPerApplication } = this.limits;
    if (this.#identified.size >= secret || ofApplication.length >= secretPerApplication) {
      endSocket(socket, tryAgainLater, 'Too many sockets');
      return false;
    }
    // it may have left while its key was looked up
    if (socket.readyState !== socket.OPEN || !this.#pending.delete(socket)) return false;
    this.#identified.set(socket, { authorization, applicationId });
    return true;
  }

  /** Ends the sockets whose key has been revoked since; each key is looked up once. */
  async endRevoked(isValid: (authorization: string) => Promise<boolean>, code: number): Promise<void> {
    const keys = new Set([...this.#identified.values()].map(({ authorization }) => authorization));
    for (const key of keys) {
      if (await isValid(key)) continue;
      for (const [socket, { authorization }] of this.#identified) {
        if (authorization === key) endSocket(socket, code, 'Forbidden');
      }
    }
  }
}
