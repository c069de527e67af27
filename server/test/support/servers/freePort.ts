import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

/**
 * Below the ports that systems give to outgoing connections, one of which could take it while nobody listens; above 10,080, the
 * last one to which `fetch` and browsers do not connect (WHATWG Fetch, "bad port").
 */
const [least, most] = [10_081, 30_000];

/**
 * Jest's processes keep to a slice each, and none gives a port twice: a port may be promised to a server that does not listen
 * yet, or is down.
 */
const slices = 8;
const slice = Number(process.env.JEST_WORKER_ID ?? 0) % slices;
const given = new Set<number>();

/** A loopback port that nothing listens on at this moment, and that stays free while its server restarts. */
export async function freePort(): Promise<number> {
  const size = Math.floor((most - least) / slices);
  for (;;) {
    const port = least + slice * size + randomInt(size - 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** The first of two such ports in a row. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (given.has(port + 1) || !(await isFree(port + 1))) continue;
    given.add(port + 1);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
