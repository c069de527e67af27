import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { startDeadline } from '../model/deadline';
import type { Log } from '../observe/log';

/** How long a client may take to read an answer: what is not read stays in memory. */
export interface AnswerDeadline {
  readonly timeoutMs: number;
  /** How much more of an answer, in bytes, adds a second to that. */
  readonly bytesPerSecond: number;
}

export const defaultAnswerDeadline: AnswerDeadline = { timeoutMs: 30_000, bytesPerSecond: 16_384 };

/** For a client that sends requests before their predecessors are answered. Browsers do not. */
const maxWaitingRequests = 16;

/**
 * Connections whose answers have all left. Node takes a connection for idle as soon as its answer has been given, when most of
 * a large one may still be on its way.
 */
export class IdleConnections {
  /** With what had been read of each when it became idle: whoever has sent more has begun another request. */
  readonly #readBytes = new Map<Socket, number>();
  readonly #known = new WeakSet<Socket>();

  add(socket: Socket): void {
    if (socket.destroyed) return;
    if (!this.#known.has(socket)) socket.once('close', () => this.#readBytes.delete(socket));
    this.#known.add(socket);
    this.#readBytes.set(socket, socket.bytesRead);
  }

  delete(socket: Socket): void {
    this.#readBytes.delete(socket);
  }

  closeAll(): void {
    for (const [socket, readBytes] of this.#readBytes) if (socket.bytesRead === readBytes) socket.destroy();
  }
}

/**
 * Answers the requests of a connection one at a time, in the order in which they came: a connection has no more work
 * under way than one request makes. A connection with too many requests waiting is ended, since Node parses whatever
 * has arrived, also from a paused socket.
 */
export function oneAtATime(
  listener: RequestListener,
  idle: IdleConnections = new IdleConnections(),
): RequestListener {
  const queues = new WeakMap<Socket, Array<() => void>>();
  return (request, response) => {
    const { socket } = request;
    const start = () => {
      response.once('close', () => startNext(socket));
      listener(request, response);
    };
    if (socket.destroyed) return;
    idle.delete(socket);
    const waiting = queues.get(socket);
    if (waiting === undefined) {
      queues.set(socket, []);
      start();
    } else if (waiting.length < maxWaitingRequests) {
      waiting.push(start);
    } else {
      socket.destroy();
    }
  };

  function startNext(socket: Socket): void {
    const start = socket.destroyed ? undefined : queues.get(socket)?.shift();
    if (start) {
      start();
    } else {
      queues.delete(socket);
      idle.add(socket);
    }
  }
}

/** Ends the connection if its client has not taken the answer by the deadline, which counts from now. */
export function endIfUnread(
  { socket }: IncomingMessage,
  response: ServerResponse,
  { timeoutMs, bytesPerSecond }: AnswerDeadline,
): void {
  // the client may have left in the meantime
  if (socket.destroyed) return;
  const begin = performance.now();
  const bytesBefore = socket.bytesWritten;
  const endIfLate = () => {
    // how long an answer is, what waits to be sent included, shows only now
    const allowedMs = timeoutMs + ((socket.bytesWritten - bytesBefore) / bytesPerSecond) * 1_000;
    const leftMs = begin + allowedMs - performance.now();
    if (leftMs > 0) deadline = startDeadline(leftMs, endIfLate);
    else socket.destroy();
  };
  let deadline = startDeadline(timeoutMs, endIfLate);
  response.once('close', () => deadline.cancel());
}

const warnEveryMs = 60_000;
/** Above this share of the limit idle connections are closed to make room. */
const crowdedShare = 0.75;
/** Looking for idle connections takes time for each open one. */
const makeRoomEveryMs = 250;

/**
 * Refuses further connections once there are `max`, and tells the operator so. Idle connections, which are kept for a long time
 * for proxies, make room before.
 */
export function limitConnections(server: Server, idle: IdleConnections, max: number, log: Log): void {
  server.maxConnections = max;
  const makeRoom = roomMaker(idle);
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open >= max * crowdedShare) makeRoom();
  });
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    makeRoom();
    if (performance.now() - warnedAt < warnEveryMs) return;
    warnedAt = performance.now();
    log.warn({ maxConnections: max }, 'Connections are refused: as many as allowed are open.');
  });
}

/** Closes idle connections, at once or as soon as it may again. */
function roomMaker(idle: IdleConnections): () => void {
  let next: NodeJS.Timeout | undefined;
  let madeRoomAt = Number.NEGATIVE_INFINITY;
  const makeRoom = () => {
    next = undefined;
    madeRoomAt = performance.now();
    idle.closeAll();
  };
  return () => {
    const waitMs = madeRoomAt + makeRoomEveryMs - performance.now();
    if (waitMs <= 0) makeRoom();
    else if (next === undefined) next = setTimeout(makeRoom, waitMs).unref();
  };
}
