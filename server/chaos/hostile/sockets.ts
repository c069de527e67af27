import WebSocket from 'ws';
import type { Target } from './target';

const sockets = 2_000;
const pingsPerSecond = 50_000;
const pingEveryMs = 10;
/** More waits to be sent only if the server reads too slowly; then there is no point in adding to it. */
const mostBufferedBytes = 1_000_000;
const againAfterMs = 500;

const init = JSON.stringify({ type: 'connection_init' });
const ping = JSON.stringify({ type: 'ping' });

/** Resolves to an open socket, or undefined when it is refused. */
function open(target: Target): Promise<WebSocket | undefined> {
  const headers = { 'x-forwarded-for': target.nextAddress() };
  const url = `${target.url.replace('http', 'ws')}/graphql`;
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers, handshakeTimeout: 10_000 });
    socket.once('open', () => {
      target.count('opened');
      resolve(socket);
    });
    socket.on('error', () => {
      if (socket.readyState !== socket.OPEN) target.count('refused');
      resolve(undefined);
    });
  });
}

async function isOver(target: Target, socket: WebSocket): Promise<void> {
  while (target.lasts && socket.readyState === socket.OPEN) await target.pause(againAfterMs);
  target.count(socket.readyState === socket.OPEN ? 'held to the end' : 'closed by the server');
  socket.terminate();
}

/** @param greet what is sent at the start */
async function hold(target: Target, greet: (socket: WebSocket) => void): Promise<void> {
  await target.repeat(sockets, async () => {
    await target.opening();
    if (!target.lasts) return;
    const socket = await open(target);
    if (socket) {
      greet(socket);
      await isOver(target, socket);
    }
    if (target.lasts) await target.pause(againAfterMs);
  });
}

/** As many as there may be, without a key; they answer pings, so they stay. */
export function anonymousSockets(target: Target): Promise<void> {
  return hold(target, (socket) => socket.send(init));
}

/** The same without the first message of the protocol. */
export function mutedSockets(target: Target): Promise<void> {
  return hold(target, () => undefined);
}

/** 50,000 pings of the protocol a second over one socket. */
export function pingFlood(target: Target): Promise<void> {
  return target.repeat(1, async () => {
    const socket = await open(target);
    if (!socket) return target.pause(againAfterMs);
    socket.send(init);
    socket.on('message', () => undefined);
    const timer = setInterval(() => {
      if (socket.readyState !== socket.OPEN || socket.bufferedAmount > mostBufferedBytes) return;
      for (let n = 0; n < (pingsPerSecond * pingEveryMs) / 1_000; n += 1) socket.send(ping);
      target.count(`bursts of ${(pingsPerSecond * pingEveryMs) / 1_000} pings`);
    }, pingEveryMs);
    await isOver(target, socket);
    clearInterval(timer);
  });
}
