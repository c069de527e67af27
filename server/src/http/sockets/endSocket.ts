import type { WebSocket } from 'ws';

/** How long a peer may take to read why its socket ends. */
const farewellMs = 1_000;

/** Closes a socket with a reason, and cuts it if the peer does not leave. */
export function endSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), farewellMs);
  cut.unref();
  socket.once('close', () => clearTimeout(cut));
}
