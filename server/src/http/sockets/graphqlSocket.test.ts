import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { silentLog } from '../../observe/log';
import { type SocketExtra, serveSocket } from './graphqlSocket';

describe('a socket', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const open = (answersPings: boolean) => {
    const emitter = new EventEmitter();
    const socket = Object.assign(emitter, {
      ...{ protocol: 'graphql-transport-ws', readyState: 1, OPEN: 1, close: jest.fn() },
      pause: jest.fn(),
      ping: jest.fn(() => void (answersPings && emitter.emit('pong'))),
      terminate: jest.fn(() => void emitter.emit('close', 1006, Buffer.alloc(0))),
    });
    serveSocket(
      makeServer<never, SocketExtra>({}),
      socket as unknown as WebSocket,
      {} as IncomingMessage,
      silentLog,
    );
    return socket;
  };

  test('whose peer answers pings stays', () => {
    const socket = open(true);
    jest.advanceTimersByTime(120_001);
    expect(socket.ping).toHaveBeenCalledTimes(10);
    expect(socket.terminate).not.toHaveBeenCalled();
  });

  test('whose peer is silent is cut, and pinged no more', () => {
    const socket = open(false);
    jest.advanceTimersByTime(120_000);
    expect(socket.ping).toHaveBeenCalledTimes(1);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([
    ['messages', 'message', '{"type":"ping"}'],
    ['ping frames', 'ping', ''],
    ['pong frames', 'pong', ''],
  ])('is closed, and read no more, for more than 250 %s at once', (_what, event, data) => {
    const socket = open(true);
    for (let sent = 0; sent < 250; sent += 1) socket.emit(event, data);
    expect(socket.close).not.toHaveBeenCalled();
    socket.emit(event, data);
    expect(socket.close).toHaveBeenCalledWith(4429, 'Too many messages');
    expect(socket.pause).toHaveBeenCalledTimes(1);
  });

  test('may send 20 messages more each second', () => {
    const socket = open(true);
    for (let sent = 0; sent < 250; sent += 1) socket.emit('ping');
    jest.advanceTimersByTime(1_000);
    for (let sent = 0; sent < 20; sent += 1) socket.emit('ping');
    expect(socket.close).not.toHaveBeenCalled();
    socket.emit('ping');
    expect(socket.close).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['connection_ack', { type: 'connection_ack' }],
    ['next', { type: 'next', id: '1', payload: { data: null } }],
    ['error', { type: 'error', id: '1', payload: [{ message: 'x' }] }],
  ])('is closed for a message that only servers send, and nothing is logged: %s', async (_type, message) => {
    const error = jest.spyOn(silentLog, 'error');
    const socket = open(true);
    socket.emit('message', JSON.stringify(message));
    await jest.advanceTimersByTimeAsync(0);
    expect(socket.close).toHaveBeenCalledWith(4400, 'Invalid message received');
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});
