import type { IncomingMessage } from 'node:http';
import { CloseCode, MessageType, parseMessage, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type Deadline, startDeadline } from '../../model/deadline';
import type { Log } from '../../observe/log';
import { endSocket } from './endSocket';
import { MessageAllowance } from './messageAllowance';

/** As long as graphql-ws' clients and servers wait by default. */
const initTimeoutMs = 3_000;

/** Between two pings, and how long one may stay unanswered. */
const pingIntervalMs = 12_000;

/** As HTTP's 429; graphql-ws has the same number for too many `connection_init`. Its clients do not try again. */
const tooManyMessages = 4429;

/** What a socket says of itself beside its messages. */
export interface SocketExtra {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** To be cancelled when `connection_init` has come. */
  readonly initDeadline: Deadline;
}

/**
 * Speaks the graphql-ws protocol with one peer until it leaves. The adapter that graphql-ws brings along does the same,
 * but writes what a peer gets wrong to the console, past the log.
 */
export function serveSocket(
  protocol: Server<SocketExtra>,
  socket: WebSocket,
  request: IncomingMessage,
  log: Log,
): void {
  // ws itself closes a socket whose peer breaks the protocol, and one that sends more than maxPayload at once
  socket.on('error', (error) => log.debug({ err: error }, 'A WebSocket broke.'));
  const stopPinging = keepAlive(socket);
  const initDeadline = startDeadline(initTimeoutMs, () =>
    socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
  );
  const isAllowed = messageLimit(socket);
  const failed = (error: unknown) => {
    if (socket.readyState !== socket.OPEN) return log.debug({ err: error }, 'A peer left in mid-answer.');
    log.error({ err: error }, 'A message over WebSocket could not be answered.');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  const refused = () => socket.close(CloseCode.BadRequest, 'Invalid message received');
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (read) =>
        void socket.on('message', (data) => {
          const text = String(data);
          if (isAllowed()) void read(text).catch((error) => (isAnswer(text) ? refused() : failed(error)));
        }),
    },
    { request, socket, initDeadline },
  );
  socket.once('close', (code, reason) => {
    stopPinging();
    initDeadline.cancel();
    closed(code, String(reason)).catch(failed);
  });
}

/** What only a server sends. graphql-ws throws on it as on a fault of its own. */
const answers: ReadonlySet<string> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

/** @param text a message that graphql-ws has read as one */
function isAnswer(text: string): boolean {
  try {
    return answers.has(parseMessage(text).type);
  } catch {
    return false;
  }
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    socket.send(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Counts messages and control frames, and ends a socket that sends more than it may. */
function messageLimit(socket: WebSocket): () => boolean {
  const allowance = new MessageAllowance();
  const isAllowed = (): boolean => {
    if (socket.readyState !== socket.OPEN) return false;
    if (allowance.take()) return true;
    endSocket(socket, tooManyMessages, 'Too many messages');
    // what the peer goes on sending is not even parsed
    socket.pause();
    return false;
  };
  socket.on('ping', isAllowed);
  socket.on('pong', isAllowed);
  return isAllowed;
}

/** A peer that is gone without a word is noticed by its silence. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const check = () => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  };
  // a process that stood still has an answer to read first
  const timer = setInterval(() => setImmediate(check), pingIntervalMs);
  return () => clearInterval(timer);
}
