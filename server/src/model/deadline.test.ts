import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { startDeadline } from './deadline';
import { RunningClock } from './runningClock';

describe('while the process runs and stands still', () => {
  let now: number;
  const run = (ms: number) => {
    now += ms;
    jest.advanceTimersByTime(ms);
  };
  const standStill = (ms: number) => {
    now += ms;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    now = 5_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  test.each([
    { what: 'not at all', stoodMs: 0, moreMs: 0 },
    { what: 'for less than a second: it was only busy', stoodMs: 900, moreMs: 0 },
    { what: 'for 4 seconds, which are added', stoodMs: 4_000, moreMs: 4_000 },
    { what: 'for an hour, of which no more than its time is added', stoodMs: 3_600_000, moreMs: 10_000 },
  ])('a deadline of 10 seconds, of which the process stood still $what', ({ stoodMs, moreMs }) => {
    const onPassed = jest.fn();
    startDeadline(10_000, onPassed);
    run(9_999);
    standStill(stoodMs);
    run(1);
    if (moreMs > 0) {
      run(moreMs - 1);
      expect(onPassed).not.toHaveBeenCalled();
    }
    run(10);
    expect(onPassed).toHaveBeenCalledTimes(1);
    run(60_000);
    expect(onPassed).toHaveBeenCalledTimes(1);
  });

  test.each(['before', 'after'])('a deadline that is cancelled %s a standstill does not pass', (when) => {
    const onPassed = jest.fn();
    const deadline = startDeadline(10_000, onPassed);
    if (when === 'before') deadline.cancel();
    standStill(60_000);
    run(10_000);
    deadline.cancel();
    run(60_000);
    expect(onPassed).not.toHaveBeenCalled();
  });

  test('the running clock leaves out what is longer than a second', () => {
    const clock = new RunningClock();
    expect(clock.now()).toBe(0);
    standStill(999);
    expect(clock.now()).toBe(999);
    standStill(1_001);
    expect(clock.now()).toBe(999);
    standStill(1);
    expect(clock.now()).toBe(1_000);
  });
});

test('what arrived before the deadline is read before it passes, however late the event loop is', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = await once(server, 'connection');
  await once(socket, 'connect');
  const seen: string[] = [];
  const ended = new Promise<void>((resolve) => {
    const deadline = startDeadline(20, () => {
      seen.push('passed');
      resolve();
    });
    socket.once('data', () => {
      seen.push('answer');
      deadline.cancel();
      resolve();
    });
  });
  peer.write('answer');
  // nothing is read for longer than the deadline
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  await ended;
  peer.destroy();
  socket.destroy();
  server.close();
  expect(seen).toEqual(['answer']);
});
