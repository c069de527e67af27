import { connect, type Socket } from 'node:net';
import type { Target } from './target';

const pipelinedRequests = 2_000;
const slowReaders = 100;
const requestsPerReader = 20;
const silentConnections = 2_000;
/** A closed connection is made again, though not sooner than this. */
const againAfterMs = 200;

function get(path: string, times: number): string {
  return `GET ${path} HTTP/1.1\r\nHost: fanfare.example\r\n\r\n`.repeat(times);
}

/** Resolves when connected, or undefined when that was refused. */
function open({ host, port }: Target): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    // nothing is read
    socket.pause();
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
    socket.on('error', () => undefined);
  });
}

/** Asks for the largest file of the console 2,000 times in a row and leaves before the answers. */
export async function pipelining(target: Target): Promise<void> {
  const text = get(await largestFile(target), pipelinedRequests);
  await target.repeat(2, async () => {
    const socket = await open(target);
    target.count(socket ? 'connections' : 'refused');
    socket?.write(text);
    await target.pause(500);
    socket?.destroy();
  });
}

/** Asks for that file 20 times and reads nothing. */
export async function slowReading(target: Target): Promise<void> {
  const text = get(await largestFile(target), requestsPerReader);
  await hold(target, slowReaders, (socket) => void socket.write(text));
}

/** Connections on which nothing is ever sent. */
export function silence(target: Target): Promise<void> {
  return hold(target, silentConnections, () => undefined);
}

/** Keeps so many connections open; one that the server closes is made again. */
async function hold(target: Target, count: number, use: (socket: Socket) => void): Promise<void> {
  await target.repeat(count, async () => {
    await target.opening();
    if (!target.lasts) return;
    const socket = await open(target);
    target.count(socket ? 'connections' : 'refused');
    if (socket) {
      use(socket);
      await closedOrOver(target, socket);
      target.count(socket.destroyed ? 'closed by the server' : 'held to the end');
      socket.destroy();
    }
    if (target.lasts) await target.pause(againAfterMs);
  });
}

async function closedOrOver(target: Target, socket: Socket): Promise<void> {
  // a paused socket hears of the other end's close only when it writes
  while (target.lasts && !socket.destroyed) await target.pause(againAfterMs);
}

async function largestFile(target: Target): Promise<string> {
  const page = await (await fetch(`${target.url}/console/`)).text();
  const paths = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '');
  let largest = { path: '/sdk/fanfare.js', bytes: 0 };
  for (const path of paths) {
    const { pathname } = new URL(path, `${target.url}/console/`);
    const bytes = (await (await fetch(`${target.url}${pathname}`)).arrayBuffer()).byteLength;
    if (bytes > largest.bytes) largest = { path: pathname, bytes };
  }
  return largest.path;
}
