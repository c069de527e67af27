/** What every engine of the dispatch queue promises (src/queue/dispatchQueue.ts), run against each of them. */
import { openAmqpQueue } from '../../../src/queue/amqp/amqpQueue';
import type { DispatchMessage, DispatchQueue, Verdict } from '../../../src/queue/dispatchQueue';
import { openEmbeddedQueue } from '../../../src/queue/embeddedQueue';
import { describeWith, type Need } from '../../support/engines/available';
import { createVhost, type Vhost } from '../../support/servers/rabbitBroker';
import { until } from '../../support/until';

let vhost: Vhost | undefined;
let prefixes = 0;

type Open = (pauseMs?: number) => Promise<DispatchQueue>;

const openEmbedded: Open = async (pauseMs = 20) => openEmbeddedQueue({ pauseMs });
const openRabbit: Open = async (pauseMs = 20) => {
  vhost ??= await createVhost();
  prefixes += 1;
  return openAmqpQueue({ url: vhost.url(), prefix: `contract${prefixes}`, pauseMs });
};

const engines: readonly [name: string, needs: readonly Need[], open: Open][] = [
  ['embedded', [], openEmbedded],
  ['rabbitmq', ['rabbitmq'], openRabbit],
];

function describeEachQueue(when: string, body: (open: Open) => void): void {
  for (const [name, needs, open] of engines)
    describeWith(needs, `the ${name} queue${when}`, () => body(open));
}

function messages(count: number): DispatchMessage[] {
  return Array.from({ length: count }, (_, index) => ({ dispatchId: index + 1, notificationId: 9 }));
}

afterAll(() => vhost?.remove());

let queue: DispatchQueue;

async function openConnected(open: Open, pauseMs?: number): Promise<void> {
  queue = await open(pauseMs);
  await until(() => queue.connected, 'the queue to connect');
}

afterEach(() => queue.close());

describeEachQueue('', (open) => {
  beforeEach(() => openConnected(open));

  it('confirms every message and hands each to one consumer', async () => {
    expect(await queue.publish('bulk', messages(1_000))).toEqual(messages(1_000));
    const seen: number[] = [];
    for (let consumer = 0; consumer < 2; consumer += 1) {
      await queue.consume('bulk', 10, async ({ dispatchId }) => {
        seen.push(dispatchId);
        return 'done';
      });
    }
    await until(() => seen.length >= 1_000, 'a thousand messages');
    expect(new Set(seen).size).toBe(1_000);
    await until(async () => (await queue.depth('bulk')) === 0, 'an empty lane');
  });

  it('keeps the lanes apart', async () => {
    await queue.publish('bulk', messages(2));
    const seen: DispatchMessage[] = [];
    await queue.consume('transactional', 5, async (message) => {
      seen.push(message);
      return 'done';
    });
    await queue.publish('transactional', [{ dispatchId: 77, notificationId: 8 }]);
    await until(() => seen.length > 0, 'the transactional message');
    expect(seen).toEqual([{ dispatchId: 77, notificationId: 8 }]);
    expect(await queue.depth('bulk')).toBe(2);
  });

  it('has no more handlers running than the prefetch allows', async () => {
    const running: (() => void)[] = [];
    await queue.publish('bulk', messages(50));
    await queue.consume('bulk', 4, async () => {
      await new Promise<void>((resolve) => running.push(resolve));
      return 'done';
    });
    for (let left = 50; left > 0; left -= 4) {
      const most = Math.min(left, 4);
      await until(() => running.length >= most, 'the handlers that are allowed');
      expect(running.length).toBe(most);
      for (const finish of running.splice(0)) finish();
    }
    await until(async () => (await queue.depth('bulk')) === 0, 'an empty lane');
  });

  it('hands a message out again after `later` and after a failure, and not after `done`', async () => {
    const answers: Record<number, (Verdict | Error)[]> = {
      1: ['later', 'done'],
      2: [new Error('broken'), 'done'],
      3: ['done'],
    };
    const seen: number[] = [];
    await queue.consume('bulk', 5, async ({ dispatchId }) => {
      seen.push(dispatchId);
      const answer = answers[dispatchId]?.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? 'dead';
    });
    await queue.publish('bulk', messages(3));
    await until(() => seen.length >= 5, 'five deliveries');
    await queue.publish('bulk', [{ dispatchId: 4, notificationId: 9 }]);
    await until(() => seen.includes(4), 'the message that proves the others settled');
    expect(seen.sort()).toEqual([1, 1, 2, 2, 3, 4]);
  });

  it('counts the dead letters', async () => {
    expect(await queue.deadLetters()).toBe(0);
    await queue.consume('bulk', 5, async ({ dispatchId }) => (dispatchId % 2 === 0 ? 'dead' : 'done'));
    await queue.publish('bulk', messages(6));
    await until(async () => (await queue.deadLetters()) === 3, 'three dead letters');
    expect(await queue.depth('bulk')).toBe(0);
  });
});

describeEachQueue(', stopping', (open) => {
  it('drains: begun handlers finish, the rest waits for the next consumer', async () => {
    await openConnected(open);
    const begun: number[] = [];
    const finish: (() => void)[] = [];
    const consumption = await queue.consume('bulk', 3, ({ dispatchId }) => {
      begun.push(dispatchId);
      return new Promise<Verdict>((resolve) => finish.push(() => resolve('done')));
    });
    await queue.publish('bulk', messages(10));
    await until(() => begun.length === 3, 'three handlers');
    let stopped = false;
    const stopping = consumption.stop().then(() => {
      stopped = true;
    });
    finish.shift()?.();
    // time enough for a stop that does not wait for handlers
    for (let answers = 0; answers < 20; answers += 1) await queue.depth('bulk');
    expect([stopped, begun.length]).toEqual([false, 3]);
    for (const release of finish) release();
    await stopping;
    expect(begun).toHaveLength(3);

    const rest: number[] = [];
    await queue.consume('bulk', 3, async ({ dispatchId }) => {
      rest.push(dispatchId);
      return 'done';
    });
    await until(() => rest.length >= 7, 'the other seven');
    expect([...begun, ...rest].sort((a, b) => a - b)).toEqual(messages(10).map((m) => m.dispatchId));
  });

  it('gives a message back at once when a stop interrupts its pause', async () => {
    await openConnected(open, 30_000);
    let asked = 0;
    const consumption = await queue.consume('bulk', 1, async () => {
      asked += 1;
      return 'later';
    });
    await queue.publish('bulk', messages(1));
    await until(() => asked > 0, 'the first handler');
    await consumption.stop();
    await until(async () => (await queue.depth('bulk')) === 1, 'the message back in its lane');
  }, 10_000);

  it('tells of its end and takes nothing afterwards', async () => {
    await openConnected(open);
    let changes = 0;
    queue.onChange(() => {
      changes += 1;
    });
    await queue.close();
    expect(queue.connected).toBe(false);
    expect(changes).toBeGreaterThan(0);
    expect(await queue.publish('bulk', messages(2))).toEqual([]);
    expect(await queue.depth('bulk')).toBeUndefined();
  });
});
