import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What requests of one address are counted by: the address itself and the networks around it. */
export interface PeerNetwork {
  /** Holds no address: a keyed hash, because addresses are personal data. */
  readonly name: string;
  /** How many times the limit of one address it has. */
  readonly factor: number;
  /** Counts nothing but `subscribe`. */
  readonly subscribesOnly: boolean;
}

/**
 * IPv6 gives a site at least a /64, and commonly a /56 or a /48. Without the wider networks, one /48 would have 65,536
 * limits of its own.
 */
const ipv6Networks = [
  { bits: 64, factor: 1, subscribesOnly: false },
  { bits: 56, factor: 4, subscribesOnly: false },
  { bits: 48, factor: 16, subscribesOnly: false },
];
/** Visitors behind one carrier share few IPv4 addresses; a whole /24 that subscribes at once is one tenant's. */
const ipv4Networks = [
  { bits: 32, factor: 1, subscribesOnly: false },
  { bits: 24, factor: 16, subscribesOnly: true },
];

/** One bucket for every caller whose address cannot be read, since a missing address must not mean no limit. */
const unreadable: PeerNetwork = { name: 'unreadable', factor: 1, subscribesOnly: false };

/** Semaphore addresses into the names of their networks, the same ones in every process with the same secret. */
export class PeerNetworks {
  readonly #key: Buffer;

  /** @param key derived from the master secret for this purpose */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param address as a socket or a proxy reports it; narrowest network first */
  of(address: string | undefined): readonly PeerNetwork[] {
    const parsed = parseAddress(address);
    if (!parsed) return [unreadable];
    const bytes = Buffer.from(parsed.toByteArray());
    const networks = bytes.length === 16 ? ipv6Networks : ipv4Networks;
    return networks.map(({ bits, ...counted }) => ({ ...counted, name: this.#nameOf(bytes, bits) }));
  }

  #nameOf(bytes: Buffer, bits: number): string {
    const hmac = createHmac('sha256', this.#key).update(`${bytes.length}/${bits}:`);
    return hmac
      .update(bytes.subarray(0, bits / 8))
      .digest('base64url')
      .slice(0, 22);
  }
}

const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/;
const ipv4WithPort = /^([\d.]+):\d{1,5}$/;

/**
 * Reads what proxies write: an address, with quotes, brackets, a port or a zone around it (RFC 7239 section 6, and the
 * `ip:port` that Azure and IIS append).
 * @returns undefined for `unknown`, obfuscated names and everything else that is not an IP address
 */
export function parseAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const unquoted =
    text
      ?.trim()
      .replace(/^"(.*)"$/, '$1')
      .trim() ?? '';
  const host = bracketed.exec(unquoted)?.[1] ?? ipv4WithPort.exec(unquoted)?.[1] ?? unquoted;
  const [address = ''] = host.split('%', 1);
  // net.isIP knows only the common spellings; ipaddr.js would also read "1" and "0x7f.1" as addresses
  return isIP(address) === 0 ? undefined : ipaddr.process(address);
}
