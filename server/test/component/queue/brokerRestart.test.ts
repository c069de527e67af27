/** The RabbitMQ queue when the broker itself goes: a node of the test's own is stopped, killed and emptied. */

import type { Lane } from '../../../src/model/lane';
import { openAmqpQueue } from '../../../src/queue/amqp/amqpQueue';
import type { DispatchMessage, DispatchQueue, Verdict } from '../../../src/queue/dispatchQueue';
import { describeWith } from '../../support/engines/available';
import { RabbitNode } from '../../support/servers/rabbitNode';
import { until } from '../../support/until';

describeWith('rabbitmq-server', 'a broker of our own', () => {
  let node: RabbitNode;
  let queue: DispatchQueue;
  const seen: number[] = [];

  const publishSoon = (lane: Lane, dispatchId: number) =>
    until(
      async () => (await queue.publish(lane, [{ dispatchId, notificationId: 9 }])).length === 1,
      'a confirmed publish',
    );

  const note = async ({ dispatchId }: DispatchMessage): Promise<Verdict> => {
    seen.push(dispatchId);
    return 'done';
  };

  beforeAll(async () => {
    node = await RabbitNode.start();
    queue = await openAmqpQueue({ url: node.url, confirmTimeoutMs: 2_000, pauseMs: 10 });
    await until(() => queue.connected, 'the queue to connect');
  });

  afterAll(async () => {
    await queue?.close();
    await node?.remove();
  });

  it('may be stopped and started: the consumer resumes', async () => {
    await queue.consume('bulk', 5, note);
    await node.stop();
    await until(() => !queue.connected, 'the loss to be noticed');
    await node.start();
    await publishSoon('bulk', 1);
    await until(() => seen.includes(1), 'the message from after the restart');
  });

  // after the orderly stop, since RabbitMQ writes a new queue's name to the disk seconds after it confirms
  it('may be killed: what it confirmed is there after it, and the consumer resumes', async () => {
    await publishSoon('transactional', 2);
    await node.kill();
    await until(() => !queue.connected, 'the loss to be noticed');
    expect(await queue.publish('bulk', [{ dispatchId: 99, notificationId: 9 }])).toEqual([]);
    await queue.consume('transactional', 5, note);
    await node.start();
    await until(() => seen.includes(2), 'the message from before the kill', 30_000);
    await publishSoon('bulk', 3);
    await until(() => seen.includes(3), 'a message to the consumer from before the kill');
  });

  it('may come back empty: publishing and consuming work again', async () => {
    await node.stop();
    node.wipe();
    await node.start();
    await publishSoon('bulk', 4);
    await until(() => seen.includes(4), 'the message at the empty broker');
  });

  it('may block publishers: nothing is taken until it takes publishers again', async () => {
    node.control('set_vm_memory_high_watermark', 'absolute', '1');
    // RabbitMQ blocks a connection only when that publishes
    await until(async () => {
      await queue.publish('bulk', [{ dispatchId: 5, notificationId: 9 }]);
      return queue.blocked;
    }, 'the alarm to reach the publisher');
    expect(await queue.publish('bulk', [{ dispatchId: 6, notificationId: 9 }])).toEqual([]);
    expect(await queue.depth('bulk')).toBeUndefined();

    node.control('set_vm_memory_high_watermark', '0.4');
    await until(() => !queue.blocked, 'the alarm to end');
    await publishSoon('bulk', 7);
    await until(() => seen.includes(7), 'the message from after the alarm');
    expect(seen).not.toContain(6);
  });
});
