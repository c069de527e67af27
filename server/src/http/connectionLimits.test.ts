import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultAnswerDeadline, endIfUnread } from './connectionLimits';

describe('a connection', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const answer = (bytesBefore: number) => {
    const socket = { destroyed: false, bytesWritten: bytesBefore, destroy: jest.fn() };
    const response = new EventEmitter();
    const given = [{ socket } as unknown as IncomingMessage, response as ServerResponse] as const;
    endIfUnread(...given, defaultAnswerDeadline);
    return { socket, response };
  };

  test.each([
    ['nothing', 0, 0, 30_000],
    ['16 kB', 0, 16_384, 31_000],
    ['16 kB after an answer of 5 MB', 5_000_000, 16_384, 31_000],
    ['3 MB', 0, 3_000_000, 213_106],
  ])(
    'whose client does not read %s ends after 30 s and one more for each 16 kB',
    (_size, bytesBefore, bytes, endMs) => {
      const { socket } = answer(bytesBefore);
      socket.bytesWritten += bytes;
      jest.advanceTimersByTime(endMs - 1);
      expect(socket.destroy).not.toHaveBeenCalled();
      // what had arrived by then is read first
      jest.advanceTimersByTime(2);
      expect(socket.destroy).toHaveBeenCalledTimes(1);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  test.each([1_000, 30_500])('whose client has read its answer after %i ms stays', (readMs) => {
    const { socket, response } = answer(0);
    socket.bytesWritten += 16_384;
    jest.advanceTimersByTime(readMs);
    response.emit('close');
    expect(jest.getTimerCount()).toBe(0);
    expect(socket.destroy).not.toHaveBeenCalled();
  });
});
