/** `Date.now` stands still, while timers and sockets go on; time passes when the test says so. */
export interface StoppedClock {
  pass(ms: number): void;
}

/** Stops the clock until the end of the test, for tests that restore their mocks. */
export function stopClock(): StoppedClock {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  return {
    pass: (ms) => {
      now += ms;
    },
  };
}
