import { join } from 'node:path';
import type { Certificate } from '../../bench/certificate';
import { ForkedPeer } from '../forkedPeer';
import type { Arrival } from '../matchArrivals';

/** What the process of the vendors' push services is told. */
export type VendorOrder =
  | { readonly kind: 'begin' }
  /** Answers 429 to every POST under these VAPID keys, and to no other. */
  | { readonly kind: 'flag'; readonly vapidPublicKeys: readonly string[] }
  | { readonly kind: 'report' };

export interface VendorReport {
  /** Accepted POSTs of high urgency. */
  readonly urgent: readonly Arrival[];
  /** POSTs by status; `none` for those that are never answered. */
  readonly answered: Readonly<Record<string, number>>;
}

/** The vendors' push services: one process that answers for all simulated hosts. */
export interface VendorService {
  readonly port: number;
  /** Forgets what it has counted. */
  begin(): Promise<unknown>;
  flag(vapidPublicKeys: readonly string[]): Promise<unknown>;
  report(): Promise<VendorReport>;
  stop(): Promise<void>;
}

export async function startVendorService({ keyFile, certFile }: Certificate): Promise<VendorService> {
  const env = { CHAOS_KEY_FILE: keyFile, CHAOS_CERT_FILE: certFile };
  const peer = await ForkedPeer.start(join(__dirname, 'vendorService.js'), env, 0);
  const ask = <Answer>(order: VendorOrder) => peer.ask<Answer>(order);
  return {
    port: Number(peer.greeting),
    begin: () => ask({ kind: 'begin' }),
    flag: (vapidPublicKeys) => ask({ kind: 'flag', vapidPublicKeys }),
    report: () => ask<VendorReport>({ kind: 'report' }),
    stop: () => peer.stop(),
  };
}
