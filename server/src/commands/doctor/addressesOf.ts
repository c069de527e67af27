import { lookup } from 'node:dns/promises';

/** @returns the addresses of a host; none when the name does not resolve */
export async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
