import type { DispatchMessage, DispatchQueue, Verdict } from './dispatchQueue';
import { openEmbeddedQueue } from './embeddedQueue';

function messages(count: number, from = 1): DispatchMessage[] {
  return Array.from({ length: count }, (_, index) => ({ dispatchId: from + index, notificationId: 1 }));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the embedded queue', () => {
  let queue: DispatchQueue;

  beforeEach(() => {
    queue = openEmbeddedQueue({ capacity: 5, pauseMs: 1 });
  });

  afterEach(() => queue.close());

  it('confirms only what fits, lane by lane', async () => {
    expect(await queue.publish('bulk', messages(4))).toHaveLength(4);
    expect(await queue.publish('bulk', messages(3, 5))).toEqual(messages(1, 5));
    expect(await queue.publish('bulk', messages(1))).toEqual([]);
    expect(await queue.publish('transactional', messages(5))).toHaveLength(5);
    expect(await queue.depth('bulk')).toBe(5);
  });

  it('hands out first in, first out, and only after the publishing call', async () => {
    const seen: number[] = [];
    await queue.consume('bulk', 1, async ({ dispatchId }) => {
      seen.push(dispatchId);
      return 'done';
    });
    const published = queue.publish('bulk', messages(3));
    expect(seen).toEqual([]);
    await published;
    while (seen.length < 3) await turn();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('shares a lane among its consumers', async () => {
    const taken = { first: 0, second: 0 };
    const never = new Promise<Verdict>(() => undefined);
    const take = (who: keyof typeof taken) => () => {
      taken[who] += 1;
      return taken[who] > 2 ? never : Promise.resolve<Verdict>('done');
    };
    await queue.consume('bulk', 1, take('first'));
    await queue.consume('bulk', 1, take('second'));
    await queue.publish('bulk', messages(4));
    while (taken.first + taken.second < 4) await turn();
    expect(taken).toEqual({ first: 2, second: 2 });
  });

  it('gives up a message whose handler keeps failing, and goes on', async () => {
    let failures = 0;
    let handled = 0;
    await queue.consume('bulk', 1, async ({ dispatchId }) => {
      if (dispatchId === 2) {
        handled += 1;
        return 'done';
      }
      failures += 1;
      throw new Error('broken');
    });
    await queue.publish('bulk', messages(2));
    while (handled === 0) await turn();
    expect(failures).toBe(21);
    expect(await queue.deadLetters()).toBe(1);
  });

  it('says so when it is closed, and takes nothing more', async () => {
    let changes = 0;
    queue.onChange(() => {
      changes += 1;
    });
    await queue.close();
    expect([queue.connected, changes]).toEqual([false, 1]);
    expect(await queue.publish('bulk', messages(1))).toEqual([]);
    expect(await queue.depth('bulk')).toBeUndefined();
  });
});
