/** The clocks, wall and monotonic, stand still, while timers and sockets go on; time passes when the test says so. */
export interface StoppedClock {
  pass(ms: number): void;
}

/** Stops the clock until the end of the test, for tests that restore their mocks. */
export function stopClock(): StoppedClock {
  let now = Date.now();
  let monotonic = performance.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(performance, 'now').mockImplementation(() => monotonic);
  return {
    pass: (ms) => {
      now += ms;
      monotonic += ms;
    },
  };
}
