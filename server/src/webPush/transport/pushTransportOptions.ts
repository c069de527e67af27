import type { ConnectGuard } from '../../egress/guardedLookup';

export interface PushTransportOptions {
  readonly guard: ConnectGuard;
  /** PEM certificates trusted beside those that Node brings along (FANFARE_PUSH_CA_FILE). */
  readonly extraCa?: string | Buffer | undefined;
  /** HTTP/2 connections to one origin: 4. */
  readonly maxConnections?: number;
  /** Streams on one connection, where the push service allows more: 250. */
  readonly maxStreams?: number;
  /** HTTP/1.1 connections to one origin: 64. */
  readonly maxHttp1Connections?: number;
  /** For connecting, handshake included: 10 s. */
  readonly connectTimeoutMs?: number;
  /** Connections without a post are closed after: 5 min. */
  readonly idleTimeoutMs?: number;
  /** A silent connection is sent a PING after: 20 s. */
  readonly pingAfterMs?: number;
  /** And taken for dead when no answer comes within: 5 s. */
  readonly pingTimeoutMs?: number;
}
