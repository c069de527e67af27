import { isIP, type LookupFunction } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { portOf } from '../../egress/allowedPushHost';
import type { PushTransportOptions } from '../pushTransportOptions';
import { connectTimedOut } from './failureOf';

/** The transport's options, all given. */
export type ConnectOptions = Required<Omit<PushTransportOptions, 'extraCa'>> & {
  readonly secureContext: SecureContext;
};

/** The certificate authorities that Node brings along and, when given, more. */
export function secureContextWith(extraCa: string | Buffer | undefined): SecureContext {
  return createSecureContext(extraCa === undefined ? {} : { ca: [...rootCertificates, extraCa.toString()] });
}

/** Where a connection to an origin goes: a name or a literal address without brackets. */
export function addressOf(origin: string): { host: string; port: number; servername: string } {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: portOf(url), servername: isIP(host) === 0 ? host : '' };
}

/**
 * Opens a TLS connection that offers HTTP/2 and HTTP/1.1 (ALPN, RFC 7301). Rejects with what went wrong,
 * ETIMEDOUT when `connectTimeoutMs` has passed. The signal ends the connection, at any time.
 */
export function tlsConnect(
  origin: string,
  lookup: LookupFunction,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...addressOf(origin),
      lookup,
      secureContext: options.secureContext,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const timer = setTimeout(() => socket.destroy(connectTimedOut()), options.connectTimeoutMs);
    const abort = () => void socket.destroy();
    signal.addEventListener('abort', abort);
    socket.once('error', reject);
    // A peer that closes in the middle of the handshake need not cause an error.
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      reject(new Error('The connection was closed during the handshake'));
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
