import { StallWatch } from './stallWatch';

const checkMs = 1_000;

/** A watch over a queue whose depth the test sets; counts the looks and the alarms. */
function startWatch(isIdle = () => true) {
  const watch = new StallWatch();
  const seen = { depth: 1, looks: 0, alarms: 0 };
  const checkQueue = async (queue: string) => {
    seen.looks += 1;
    return { queue, messageCount: seen.depth, consumerCount: 1 };
  };
  const stalled = () => {
    seen.alarms += 1;
  };
  watch.begin({ channel: { checkQueue }, queue: 'fanfare.bulk', checkMs, isIdle, stalled });
  return { watch, seen };
}

const look = () => jest.advanceTimersByTimeAsync(checkMs);

describe('the stall watch', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('raises one alarm when messages wait in two looks without a delivery', async () => {
    const { seen } = startWatch();
    await look();
    expect(seen.alarms).toBe(0);
    await look();
    expect(seen.alarms).toBe(1);
    await look();
    expect(seen).toEqual({ depth: 1, looks: 2, alarms: 1 });
  });

  it('is content while messages are delivered', async () => {
    const { watch, seen } = startWatch();
    for (let round = 0; round < 4; round += 1) {
      watch.noteDelivery();
      await look();
    }
    expect(seen.alarms).toBe(0);
  });

  it('does not look while the consumer is full', async () => {
    const { seen } = startWatch(() => false);
    await look();
    await look();
    expect(seen).toMatchObject({ looks: 0, alarms: 0 });
  });

  it('begins anew after a look at an empty queue', async () => {
    const { seen } = startWatch();
    await look();
    seen.depth = 0;
    await look();
    seen.depth = 1;
    await look();
    expect(seen.alarms).toBe(0);
    await look();
    expect(seen.alarms).toBe(1);
  });
});
