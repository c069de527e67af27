import { silentLog } from '../observe/log';
import { whenQueueConnected } from './whenQueueConnected';

test('waits until the queue is connected, and says so', async () => {
  jest.useFakeTimers();
  const warn = jest.fn();
  const log = { ...silentLog, warn } as unknown as typeof silentLog;
  const listeners = new Set<() => void>();
  const queue = {
    connected: false,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  let isReady = false;
  const ready = whenQueueConnected(queue, log).then(() => {
    isReady = true;
  });
  for (const listener of listeners) listener();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([isReady, warn.mock.calls]).toEqual([false, [['waiting for RabbitMQ']]]);
  queue.connected = true;
  for (const listener of listeners) listener();
  await ready;
  expect(listeners.size).toBe(0);
  jest.useRealTimers();
});
