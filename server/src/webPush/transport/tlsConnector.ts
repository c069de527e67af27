import { constants } from 'node:crypto';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { portOf } from '../../egress/allowedPushHost';
import { startDeadline } from '../../model/deadline';
import type { RunningClock } from '../../model/runningClock';
import { connectTimedOut } from './failureOf';
import type { PushTransportOptions } from './pushTransportOptions';

/** The transport's options, all given. */
export type ConnectOptions = Required<Omit<PushTransportOptions, 'extraCa'>> & {
  readonly secureContext: SecureContext;
  /** What time-outs go by. */
  readonly clock: RunningClock;
};

/**
 * The certificate authorities that Node brings along and, when given, more. A push service cannot ask for another handshake
 * on a connection that exists (TLS 1.2): Node limits that for servers only.
 */
export function secureContextWith(extraCa: string | Buffer | undefined): SecureContext {
  const ca = extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa.toString()] };
  return createSecureContext({ ...ca, secureOptions: constants.SSL_OP_NO_RENEGOTIATION });
}

/** Where a connection to an origin goes: a name or a literal address without brackets. */
export function addressOf(origin: string): { host: string; port: number; servername: string } {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: portOf(url), servername: isIP(host) === 0 ? host : '' };
}

/** Servers send one or two. Each takes time to read, and none is counted as read from the connection. */
const maxTickets = 32;

/** Ends a connection on which the push service sends session tickets without end. */
export function limitTickets(socket: Socket): void {
  let tickets = 0;
  socket.on('session', () => {
    tickets += 1;
    if (tickets > maxTickets) socket.destroy();
  });
}

/** For so long the check of a certificate counts for the connections that resume its session. */
const checkCountsMs = 3_600_000;

/** Node's types do not name it. */
interface ResumingSocket extends TLSSocket {
  readonly setSession?: (session: Buffer) => void;
}

/**
 * TLS connections to one origin. Where the push service gives tickets, a connection resumes the session of an earlier one
 * (RFC 8446 section 2.2): a handshake without a certificate to read and a signature to verify.
 */
export class TlsConnector {
  private ticket: Buffer | undefined;
  /** When a certificate was checked last, by `performance.now`. */
  private checkedAt = 0;

  /** @param signal ends every connection, at any time */
  constructor(
    private readonly origin: string,
    private readonly options: Pick<ConnectOptions, 'secureContext' | 'connectTimeoutMs'>,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Opens a connection that offers HTTP/2 and HTTP/1.1 (ALPN, RFC 7301). Rejects with what went wrong, ETIMEDOUT when
   * `connectTimeoutMs` has passed.
   */
  connect(lookup: LookupFunction): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        ...addressOf(this.origin),
        lookup,
        secureContext: this.options.secureContext,
        ALPNProtocols: ['h2', 'http/1.1'],
      });
      const { connectTimeoutMs } = this.options;
      const deadline = startDeadline(connectTimeoutMs, () => socket.destroy(connectTimedOut()));
      const abort = () => void socket.destroy();
      this.signal.addEventListener('abort', abort);
      socket.once('error', reject);
      // A peer that closes in the middle of the handshake need not cause an error.
      socket.once('close', () => {
        deadline.cancel();
        this.signal.removeEventListener('abort', abort);
        reject(new Error('The connection was closed during the handshake'));
      });
      // Not before: Node begins anew for the next address, and only the one that answers gives tickets.
      socket.once('connect', () => socket.on('session', (ticket: Buffer) => this.keep(ticket, socket)));
      limitTickets(socket);
      socket.once('secureConnect', () => {
        deadline.cancel();
        if (!socket.isSessionReused()) this.checkedAt = performance.now();
        socket.setNoDelay(true);
        resolve(socket);
      });
      this.resume(socket);
    });
  }

  /** No connection came of it: the next one begins without a ticket. */
  forget(): void {
    this.ticket = undefined;
  }

  private keep(ticket: Buffer, socket: TLSSocket): void {
    if (socket.authorized) this.ticket = ticket;
  }

  /** As an option of `connect` the ticket would be decoded twice, at the cost of half of what it saves. */
  private resume(socket: ResumingSocket): void {
    const counts = performance.now() - this.checkedAt < checkCountsMs;
    if (counts && this.ticket !== undefined) socket.setSession?.(this.ticket);
  }
}
