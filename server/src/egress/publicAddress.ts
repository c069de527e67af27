import ipaddr from 'ipaddr.js';

/** What of 2000::/3 is not for hosts either, whatever the library's own table says: documentation (RFC 9637). */
const documentation6 = ipaddr.IPv6.parseCIDR('3fff::/20');
const globalUnicast6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for an address that belongs to a host on the public internet: no loopback, private, link-local (cloud
 * metadata), carrier-grade NAT, unique-local, documentation, benchmarking, multicast, reserved or unspecified
 * one. IPv4 inside IPv6 is judged as IPv4 when mapped, and refused when it takes a translator to reach it
 * (NAT64, 6to4, Teredo), as that may stand in our own network.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return true;
  return parsed.match(globalUnicast6) && !parsed.match(documentation6);
}
