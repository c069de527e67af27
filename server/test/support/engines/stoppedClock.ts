import { RunningClock } from '../../../src/model/runningClock';

/** The time of day and what time-outs go by stand still, while timers and sockets go on; time passes when the test says so. */
export interface StoppedClock {
  pass(ms: number): void;
}

/** Stops both until the end of the test, for tests that restore their mocks. */
export function stopClock(): StoppedClock {
  let passedMs = 0;
  const stopped = (now: number) => () => now + passedMs;
  jest.spyOn(Date, 'now').mockImplementation(stopped(Date.now()));
  jest.spyOn(RunningClock.prototype, 'now').mockImplementation(stopped(0));
  return {
    pass: (ms) => {
      passedMs += ms;
    },
  };
}
